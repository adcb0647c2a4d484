using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Responses (platform.openai.com/docs/api-reference/responses), of OpenAI, Azure and compatible servers.</summary>
public sealed class ResponsesApi : JsonRequestApi
{
    public override string Scope => ProxyApis.Responses;

    public override ErrorShape Errors => ResponsesErrors.Instance;

    public override AnswerReader NewReader() => new ResponsesReader();

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        string? model = target, user = null, safetyIdentifier = null, tier = null;
        bool stream = false, background = false, conversation = false;
        long? maxTokens = null;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (target is null && reader.ValueTextEquals("model"u8)) model = fields.Model(ref reader);
            else if (reader.ValueTextEquals("stream"u8)) stream = fields.Flag(ref reader, "stream");
            else if (reader.ValueTextEquals("background"u8)) background |= fields.Flag(ref reader, "background");
            else if (reader.ValueTextEquals("conversation"u8)) conversation |= JsonReading.IsGiven(ref reader);
            else if (reader.ValueTextEquals("user"u8)) user = fields.Text(ref reader, "user", CallRequest.MaxUserLength);
            else if (reader.ValueTextEquals("safety_identifier"u8)) safetyIdentifier = fields.Text(ref reader, "safety_identifier", CallRequest.MaxUserLength);
            else if (reader.ValueTextEquals("service_tier"u8)) tier = fields.Text(ref reader, "service_tier", CallRequest.MaxTierLength, printable: true);
            else if (reader.ValueTextEquals("max_output_tokens"u8)) maxTokens = fields.Positive(ref reader, "max_output_tokens");
            else if (reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("instructions"u8) || reader.ValueTextEquals("tools"u8)
                || reader.ValueTextEquals("prompt"u8)) fields.Prompt(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        // No input is required: a stored prompt or the response before can stand for it.
        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        if (model is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (background) return (null, ProxyErrors.InvalidField("background", "must not be true: its usage is not in this answer, so it cannot be metered"));
        return (new CallRequest(model)
        {
            Stream = stream,
            Stateful = conversation,
            User = RequestFields.FirstNotBlank(user, safetyIdentifier),
            ServiceTier = tier,
            MaxOutputTokens = maxTokens,
            PromptBytes = fields.PromptBytes,
        }, null);
    }
}
