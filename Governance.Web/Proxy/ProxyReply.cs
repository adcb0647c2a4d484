using Governance.Domain;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Web.Proxy;

/// <summary>Writes the proxy's own answers.</summary>
internal static class ProxyReply
{
    public const string RequestIdHeader = "x-governance-request-id";

    public static void SetRequestId(HttpResponse response, Guid callId) =>
        response.Headers[RequestIdHeader] = PublicId.Format(PublicId.Request, callId);

    /// <summary>Answers with an error in a provider's shape; the caller may be gone already.</summary>
    public static async Task WriteErrorAsync(HttpContext http, ErrorShape shape, ProxyError error)
    {
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        if (error.RetryAfter is { } wait) http.Response.Headers.RetryAfter = RetryAfter.Write(wait);
        if (shape.Header(error) is { } header) http.Response.Headers[header.Name] = header.Value;
        try
        {
            await http.Response.Body.WriteAsync(shape.Body(error), http.RequestAborted);
        }
        catch (Exception exception) when (CallerGone(http, exception))
        {
            // Nobody is there to be told.
        }
    }

    public static bool CallerGone(HttpContext http, Exception exception) =>
        exception is OperationCanceledException or IOException || http.RequestAborted.IsCancellationRequested;
}
