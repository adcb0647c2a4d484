using System.Text.Json;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>
/// Anthropic's error object (platform.claude.com/docs/en/api/errors). Its SDKs raise by the status and by the type; the stable code stands
/// beside the type, where they ignore it and callers can branch on it.
/// </summary>
public sealed class AnthropicErrors : ErrorShape
{
    public static AnthropicErrors Instance { get; } = new();

    public override byte[] Body(ProxyError error) => JsonSerializer.SerializeToUtf8Bytes(
        new { type = "error", error = new { type = TypeOf(error.Status), message = error.Message, code = error.Code }, request_id = (string?)null },
        JsonSerializerOptions.Web);

    /// <summary>Errors inside a stream are events of their own name (platform.claude.com/docs/en/build-with-claude/streaming, "Error events").</summary>
    public override (string? Name, byte[] Data) Event(ProxyError error) => ("error", Body(error));

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
