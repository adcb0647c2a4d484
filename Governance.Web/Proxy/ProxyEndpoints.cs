namespace Governance.Web.Proxy;

/// <summary>Where applications call models. Keys authenticate here, never cookies.</summary>
internal static class ProxyEndpoints
{
    public static IServiceCollection AddProxyEndpoints(this IServiceCollection services) =>
        services.AddSingleton<ProviderClient>().AddSingleton<ChatCompletionsProxy>();

    public static void MapProxy(this WebApplication app)
    {
        var proxy = app.MapGroup("/proxy").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        proxy.MapPost("/openai/v1/chat/completions", (HttpContext http, ChatCompletionsProxy chat) => chat.HandleAsync(http));
        proxy.Map("/{**path}", NotProxied.HandleAsync);
    }
}
