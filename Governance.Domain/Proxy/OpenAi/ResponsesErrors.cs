using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Errors of the Responses API: OpenAI's error object before a stream, an event of its own inside one.</summary>
public sealed class ResponsesErrors : ErrorShape
{
    public static ResponsesErrors Instance { get; } = new();

    public override byte[] Body(ProxyError error) => OpenAiErrors.Instance.Body(error);

    /// <summary>
    /// The event as it is documented (platform.openai.com/docs/api-reference/responses-streaming/error), and the error object that OpenAI
    /// sends in it beside: only that makes OpenAI's SDKs throw. The number that orders a stream's events is not known here.
    /// </summary>
    public override (string? Name, byte[] Data) Event(ProxyError error) => ("error", JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            type = "error",
            code = error.Code,
            message = error.Message,
            param = (string?)null,
            sequence_number = 0,
            error = new { message = error.Message, type = error.Type, param = (string?)null, code = error.Code },
        }, JsonSerializerOptions.Web));
}
