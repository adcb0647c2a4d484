using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Domain.Proxy;

namespace Governance.Web.Sandbox;

/// <summary>One request to the sandbox, and the steps that all formats share.</summary>
internal sealed class SandboxExchange(HttpContext http, ErrorShape errors)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(7);

    /// <summary>The request's object; none if it was none, which the caller was then told.</summary>
    public async Task<JsonObject?> ReadAsync()
    {
        try
        {
            if (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) is JsonObject request) return request;
        }
        catch (JsonException)
        {
            // Told below.
        }

        await FailAsync(400, "invalid_json", "The body is not one JSON object.");
        return null;
    }

    /// <summary>A text member of the request; none if it is missing, which the caller was then told.</summary>
    public async Task<string?> TextAsync(JsonObject request, string member)
    {
        if (request[member] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0) return text;
        await FailAsync(400, "invalid_request", $"'{member}' is required.");
        return null;
    }

    /// <summary>Whether the script has the request refused, which the caller was then told.</summary>
    public async Task<bool> RefusesAsync(SandboxAnswer answer)
    {
        if (answer.Script.Status is not { } status) return false;
        if (status == 429) http.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await FailAsync(status, "sandbox_error", $"The prompt asked the sandbox for status {status}.");
        return true;
    }

    public Task FailAsync(int status, string code, string message) => Proxy.ProxyReply.WriteErrorAsync(http, errors, Error(status, code, message));

    public Task WriteAsync(JsonNode body) => http.Response.WriteAsJsonAsync(body, http.RequestAborted);

    /// <summary>Sends a stream frame by frame; the script can end it halfway.</summary>
    /// <param name="answer">What is said.</param>
    /// <param name="contentType">The stream's media type.</param>
    /// <param name="framing">How an error in it is framed.</param>
    /// <param name="frames">All frames.</param>
    public async Task StreamAsync(SandboxAnswer answer, string contentType, StreamFraming framing, IReadOnlyList<byte[]> frames)
    {
        http.Response.ContentType = contentType;
        var whole = !answer.Script.FailsInStream && !answer.Script.Cuts;
        foreach (var frame in whole ? frames : frames.Take(frames.Count / 2))
        {
            await http.Response.Body.WriteAsync(frame, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        if (answer.Script.Cuts) http.Abort();
        if (!answer.Script.FailsInStream) return;
        var (name, data) = errors.Event(Error(529, "sandbox_error", "The prompt asked the sandbox for an error in the stream."));
        await http.Response.Body.WriteAsync(framing.LastFrame(name, data), http.RequestAborted);
    }

    public static byte[] SseFrame(JsonNode data, string? name = null) => new SseFraming().LastFrame(name, JsonSerializer.SerializeToUtf8Bytes(data));

    private static ProxyError Error(int status, string code, string message) =>
        new(status, code, status < 500 ? "invalid_request_error" : "server_error", message);
}
