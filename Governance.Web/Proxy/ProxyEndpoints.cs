namespace Governance.Web.Proxy;

/// <summary>Where applications call models. Keys authenticate here, never cookies.</summary>
internal static class ProxyEndpoints
{
    public static IServiceCollection AddProxyEndpoints(this IServiceCollection services) =>
        services.AddSingleton<CallerCheck>().AddSingleton<ContentCapture>().AddSingleton<CallCache>().AddSingleton<CallForwarder>().AddSingleton<ProxiedCall>();

    /// <summary>To be called before what pages and the API need: a call goes past sessions, cultures and forms, which it has none of.</summary>
    public static void UseProxyShortcut(this WebApplication app) => app.Use((http, next) =>
        http.GetEndpoint() is { RequestDelegate: { } call } endpoint && endpoint.Metadata.GetMetadata<Shortcut>() is not null ? call(http) : next(http));

    public static void MapProxy(this WebApplication app)
    {
        var proxy = app.MapGroup("/proxy").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().WithMetadata(Shortcut.Instance);
        proxy.Map("/{**path}", (HttpContext http, ProxiedCall call) => call.HandleAsync(http));
    }

    /// <summary>Marks the proxy's endpoint.</summary>
    private sealed class Shortcut
    {
        public static readonly Shortcut Instance = new();
    }
}
