using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>OpenAI's error object (platform.openai.com/docs/guides/error-codes), which Azure and compatible servers share.</summary>
public sealed class OpenAiErrors : ErrorShape
{
    public static OpenAiErrors Instance { get; } = new();

    public override byte[] Body(ProxyError error) => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = error.Message, type = error.Type, param = (string?)null, code = error.Code } }, JsonSerializerOptions.Web);
}
