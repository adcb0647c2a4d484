using System.Text.Json;
using Governance.Domain;
using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>Writes the proxy's own answers in OpenAI's shapes (platform.openai.com/docs/guides/error-codes).</summary>
internal static class ProxyReply
{
    public const string RequestIdHeader = "x-governance-request-id";

    public static void SetRequestId(HttpResponse response, Guid callId) =>
        response.Headers[RequestIdHeader] = PublicId.Format(PublicId.Request, callId);

    /// <summary>Answers with an error; the caller may be gone already.</summary>
    public static async Task WriteErrorAsync(HttpContext http, ProxyError error)
    {
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        try
        {
            await http.Response.Body.WriteAsync(Serialize(error), http.RequestAborted);
        }
        catch (Exception exception) when (CallerGone(http, exception))
        {
            // Nobody is there to be told.
        }
    }

    /// <summary>An error inside a stream that has started: an event that OpenAI's SDKs raise as an API error.</summary>
    public static byte[] ErrorEvent(ProxyError error) => [.. "data: "u8, .. Serialize(error), .. "\n\n"u8];

    public static bool CallerGone(HttpContext http, Exception exception) =>
        exception is OperationCanceledException or IOException || http.RequestAborted.IsCancellationRequested;

    private static byte[] Serialize(ProxyError error) => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = error.Message, type = error.Type, param = (string?)null, code = error.Code } }, JsonSerializerOptions.Web);
}
