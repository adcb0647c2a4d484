using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Governance.Web.Security;

/// <summary>
/// Refuses what another site makes a browser send with the cookies of this one: a circuit's WebSocket, which no cross-origin rule
/// of browsers covers, its negotiation, and every request that may change something. Forms carry a token besides.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, ILogger<OriginCheck> logger)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (IsAllowed(http)) return next(http);

        Log.ForeignOrigin(logger, http.Request.Path, http.Request.Headers.Origin.ToString(), http.Request.Host.Value ?? "");
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return http.Response.WriteAsync("This request came from another site.", http.RequestAborted);
    }

    private static bool IsAllowed(HttpContext http)
    {
        var request = http.Request;
        if (TakesKeysOnly(request.Path)) return true;

        // 1. A browser names the origin of every WebSocket; what does not is no page of ours.
        var origin = request.Headers.Origin;
        if (IsUpgrade(http)) return IsOwn(origin, request);

        // 2. Reading a page is harmless; a circuit is more than reading.
        if (IsSafe(request.Method) && !request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)) return true;
        if (origin.Count > 0) return IsOwn(origin, request);

        // 3. A browser that names no origin may still tell where the request comes from. Programs tell neither, and have no cookies.
        var site = request.Headers["Sec-Fetch-Site"];
        return StringValues.IsNullOrEmpty(site) || site == "same-origin" || site == "none";
    }

    /// <summary>The proxy and the API never look at cookies, so a browser has nothing there that another site could use.</summary>
    private static bool TakesKeysOnly(PathString path) =>
        path.StartsWithSegments("/proxy", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static bool IsUpgrade(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest is true || http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect is true;

    /// <summary>
    /// Whether the origin is the host that was asked. Behind a proxy that is not trusted the request looks like plain HTTP while
    /// the browser says https, which is let through; a page over plain HTTP is no origin for a site on HTTPS.
    /// </summary>
    private static bool IsOwn(StringValues origin, HttpRequest request) =>
        origin.Count == 1
        && Uri.TryCreate(origin[0], UriKind.Absolute, out var from)
        && (from.Scheme == Uri.UriSchemeHttps || (from.Scheme == Uri.UriSchemeHttp && !request.IsHttps))
        && Uri.TryCreate($"{from.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && string.Equals(from.Authority, own.Authority, StringComparison.OrdinalIgnoreCase);
}
