using System.Buffers;
using Governance.Domain.Proxy;
using Microsoft.AspNetCore.Http.Features;

namespace Governance.Web.Proxy;

/// <summary>Reads a request body up to a bound.</summary>
internal static class RequestBody
{
    /// <summary>The body, or the error to send if it is larger than allowed.</summary>
    public static async Task<(byte[]? Body, ProxyError? Error)> ReadAsync(HttpContext http, int maxBytes)
    {
        if (http.Request.ContentLength > maxBytes) return (null, ProxyErrors.BodyTooLarge(maxBytes));

        // The bound here replaces the server's own, which would answer in another shape.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;

        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            if (result.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                return (null, ProxyErrors.BodyTooLarge(maxBytes));
            }

            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return (body, null);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
