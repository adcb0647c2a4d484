namespace Governance.Web.Proxy;

/// <summary>Where applications call models. Keys authenticate here, never cookies.</summary>
internal static class ProxyEndpoints
{
    public static IServiceCollection AddProxyEndpoints(this IServiceCollection services) =>
        services.AddSingleton<CallerCheck>().AddSingleton<ContentCapture>().AddSingleton<CallCache>().AddSingleton<CallForwarder>().AddSingleton<ProxiedCall>();

    public static void MapProxy(this WebApplication app)
    {
        var proxy = app.MapGroup("/proxy").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        proxy.Map("/{**path}", (HttpContext http, ProxiedCall call) => call.HandleAsync(http));
    }
}
