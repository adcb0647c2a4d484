using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// Generated content (ai.google.dev/api/generate-content). The path tells whether it is streamed: as events if the caller asks with
/// <c>alt=sse</c>, otherwise as one JSON array that grows.
/// </summary>
public sealed class GenerateContentApi(bool streams) : JsonRequestApi
{
    public override string Scope => ProxyApis.GenerateContent;

    public override ErrorShape Errors => GeminiErrors.Instance;

    public override AnswerReader NewReader() => new GeminiReader();

    public override StreamFraming? NewFraming(CallRequest request, string? mediaType) => (request.Stream, mediaType?.ToLowerInvariant()) switch
    {
        (true, "application/json") => new JsonArrayFraming(),
        (_, "text/event-stream") => new GeminiEventFraming(),
        _ => null,
    };

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        var hasContents = false;
        string? tier = null;
        long? maxTokens = null, answers = null;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("generationConfig"u8) || reader.ValueTextEquals("generation_config"u8))
                ReadGenerationConfig(ref reader, ref fields, ref maxTokens, ref answers);
            else if (reader.ValueTextEquals("serviceTier"u8) || reader.ValueTextEquals("service_tier"u8))
                tier = fields.Text(ref reader, "serviceTier", CallRequest.MaxTierLength, printable: true)?.ToLowerInvariant();
            else if (reader.ValueTextEquals("contents"u8) || reader.ValueTextEquals("systemInstruction"u8)
                || reader.ValueTextEquals("system_instruction"u8) || reader.ValueTextEquals("tools"u8))
            {
                hasContents |= reader.ValueTextEquals("contents"u8);
                fields.Prompt(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        if (target is null) return (null, ProxyErrors.InvalidField("model", "is required"));
        if (!hasContents) return (null, ProxyErrors.InvalidField("contents", "is required"));
        return (new CallRequest(target) { Stream = streams, ServiceTier = tier, MaxOutputTokens = maxTokens, Answers = answers ?? 1, PromptBytes = fields.PromptBytes }, null);
    }

    private static void ReadGenerationConfig(ref Utf8JsonReader reader, ref RequestFields fields, ref long? maxTokens, ref long? answers)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("maxOutputTokens"u8) || reader.ValueTextEquals("max_output_tokens"u8))
                maxTokens = fields.Positive(ref reader, "generationConfig.maxOutputTokens") ?? maxTokens;
            else if (reader.ValueTextEquals("candidateCount"u8) || reader.ValueTextEquals("candidate_count"u8))
                answers = fields.Positive(ref reader, "generationConfig.candidateCount") ?? answers;
            else JsonReading.SkipValue(ref reader);
        }
    }
}
