using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Chat completions (platform.openai.com/docs/api-reference/chat), of OpenAI, Azure and compatible servers.</summary>
public sealed class ChatCompletionsApi : JsonRequestApi
{
    public override string Scope => ProxyApis.ChatCompletions;

    public override ErrorShape Errors => OpenAiErrors.Instance;

    public override AnswerReader NewReader() => new ChatCompletionsReader();

    public override byte[] Outgoing(CallRequest request, byte[] body) => request.WithholdUsage ? UsageRequest.AddTo(body) : body;

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        string? model = target, user = null, safetyIdentifier = null, tier = null;
        bool stream = false, includeUsage = false, hasMessages = false;
        long? maxTokens = null, answers = null;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (target is null && reader.ValueTextEquals("model"u8)) model = fields.Model(ref reader);
            else if (reader.ValueTextEquals("stream"u8)) stream = fields.Flag(ref reader, "stream");
            else if (reader.ValueTextEquals("stream_options"u8)) includeUsage = ReadIncludeUsage(ref reader);
            else if (reader.ValueTextEquals("user"u8)) user = fields.Text(ref reader, "user", CallRequest.MaxUserLength);
            else if (reader.ValueTextEquals("safety_identifier"u8)) safetyIdentifier = fields.Text(ref reader, "safety_identifier", CallRequest.MaxUserLength);
            else if (reader.ValueTextEquals("service_tier"u8)) tier = fields.Text(ref reader, "service_tier", CallRequest.MaxTierLength, printable: true);
            else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8))
                maxTokens = fields.Positive(ref reader, "max_completion_tokens") ?? maxTokens;
            else if (reader.ValueTextEquals("n"u8)) answers = fields.Positive(ref reader, "n") ?? answers;
            else if (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("tools"u8))
            {
                hasMessages |= reader.ValueTextEquals("messages"u8);
                fields.Prompt(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        if (model is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (!hasMessages) return (null, ProxyErrors.InvalidField("messages", "is required"));
        return (new CallRequest(model)
        {
            Stream = stream,
            WithholdUsage = stream && !includeUsage,
            User = RequestFields.FirstNotBlank(user, safetyIdentifier),
            ServiceTier = tier,
            MaxOutputTokens = maxTokens,
            Answers = answers ?? 1,
            PromptBytes = fields.PromptBytes,
        }, null);
    }

    private static bool ReadIncludeUsage(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return false;
        var include = false;
        while (JsonReading.NextProperty(ref reader))
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isUsage) include = reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return include;
    }
}
