using System.Text.Json;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// Google's error model (google.aip.dev/193, ai.google.dev/gemini-api/docs/troubleshooting). The stable code is the reason of an
/// <c>ErrorInfo</c>, in upper case as these are.
/// </summary>
public sealed class GeminiErrors : ErrorShape
{
    public static GeminiErrors Instance { get; } = new();

    public override byte[] Body(ProxyError error) => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { code = error.Status, message = error.Message, status = StatusOf(error.Status), details = Details(error) } },
        JsonSerializerOptions.Web);

    /// <summary>How long to wait stands in the body too, where Google's own answers have it.</summary>
    private static Dictionary<string, string>[] Details(ProxyError error) => error.RetryAfter is { } wait
        ? [Info(error.Code), new() { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = RetryAfter.Write(wait) + "s" }]
        : [Info(error.Code)];

    private static Dictionary<string, string> Info(string code) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
        ["reason"] = code.ToUpperInvariant(),
        ["domain"] = "governance",
    };

    private static string StatusOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        502 or 503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };
}
