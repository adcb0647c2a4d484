using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Embeddings (platform.openai.com/docs/api-reference/embeddings), of OpenAI, Azure and compatible servers.</summary>
public sealed class EmbeddingsApi : JsonRequestApi
{
    public override string Scope => ProxyApis.Embeddings;

    public override ErrorShape Errors => OpenAiErrors.Instance;

    public override AnswerReader NewReader() => new PlainReader();

    public override StreamFraming? NewFraming(CallRequest request, string? mediaType) => null;

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        string? model = target, user = null;
        var hasInput = false;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (target is null && reader.ValueTextEquals("model"u8)) model = fields.Model(ref reader);
            else if (reader.ValueTextEquals("user"u8)) user = fields.Text(ref reader, "user", CallRequest.MaxUserLength);
            else if (reader.ValueTextEquals("input"u8))
            {
                hasInput = true;
                fields.Prompt(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        if (model is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (!hasInput) return (null, ProxyErrors.InvalidField("input", "is required"));
        return (new CallRequest(model) { User = string.IsNullOrWhiteSpace(user) ? null : user, PromptBytes = fields.PromptBytes }, null);
    }
}
