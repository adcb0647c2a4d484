using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>Answers for everything below /proxy that cannot be metered, and is therefore not passed.</summary>
internal static class NotProxied
{
    public static Task HandleAsync(HttpContext http) =>
        ProxyReply.WriteErrorAsync(http, ProxyErrors.UnknownEndpoint(http.Request.Method, http.Request.Path));
}
