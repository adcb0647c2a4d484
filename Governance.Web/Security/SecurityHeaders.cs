using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Governance.Web.Security;

/// <summary>
/// The headers that every response carries, whoever wrote it: they are set when it starts, so an error page that began anew
/// has them, too.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<SecurityOptions> options)
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues NoContent = ContentSecurityPolicy.Nothing;

    /// <summary>Nothing but the clipboard and passkeys, which the site's own pages use.</summary>
    private static readonly StringValues Permissions =
        "accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), "
        + "gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), "
        + "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

    private readonly IList<string> _formActions = options.Value.FormActionOrigins;

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(static state =>
        {
            var (http, formActions) = ((HttpContext, IList<string>))state;
            Set(http, formActions);
            return Task.CompletedTask;
        }, (http, _formActions));
        return next(http);
    }

    private static void Set(HttpContext http, IList<string> formActions)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        // Not "no-referrer": with it, a browser sends the site's own forms with the Origin "null".
        headers["Referrer-Policy"] = SameOrigin;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        headers["Cross-Origin-Resource-Policy"] = SameOrigin;
        headers["Permissions-Policy"] = Permissions;
        headers.ContentSecurityPolicy = IsPage(http.Response) ? ContentSecurityPolicy.ForPage(http.CspNonce(), formActions) : NoContent;

        // Pages, exports and the API carry personal data. What may be kept says so itself, as static assets do.
        if (StringValues.IsNullOrEmpty(headers.CacheControl)) headers.CacheControl = NoStore;
    }

    private static bool IsPage(HttpResponse response) => response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) is true;
}
