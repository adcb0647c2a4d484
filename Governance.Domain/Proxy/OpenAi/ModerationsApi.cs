using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Moderations (platform.openai.com/docs/api-reference/moderations), for which OpenAI charges nothing.</summary>
public sealed class ModerationsApi : JsonRequestApi
{
    /// <summary>What OpenAI runs if a request names no model; a key's limits hold for it too.</summary>
    private const string DefaultModel = "omni-moderation-latest";

    public override string Scope => ProxyApis.Moderations;

    public override ErrorShape Errors => OpenAiErrors.Instance;

    public override bool Free => true;

    public override AnswerReader NewReader() => new PlainReader();

    public override StreamFraming? NewFraming(CallRequest request, string? mediaType) => null;

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        string? model = target ?? DefaultModel;
        var hasInput = false;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (target is null && reader.ValueTextEquals("model"u8)) model = fields.Model(ref reader);
            else if (reader.ValueTextEquals("input"u8))
            {
                hasInput = true;
                fields.Prompt(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        if (!hasInput) return (null, ProxyErrors.InvalidField("input", "is required"));
        return (new CallRequest(model) { PromptBytes = fields.PromptBytes }, null);
    }
}
