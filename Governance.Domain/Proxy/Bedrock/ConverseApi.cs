using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>Converse and ConverseStream (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html): one shape for every model.</summary>
/// <param name="stream">Whether this is the operation that streams.</param>
public sealed class ConverseApi(bool stream) : JsonRequestApi
{
    public override string Scope => ProxyApis.Converse;

    public override ErrorShape Errors => BedrockErrors.Instance;

    public override AnswerReader NewReader() => new ConverseReader();

    public override StreamFraming? NewFraming(CallRequest request, string? mediaType) => BedrockStreams.NewFraming(mediaType);

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        string? tier = null;
        long? maxTokens = null;
        var fields = new RequestFields();
        while (JsonReading.NextProperty(ref reader))
        {
            // A prompt that is kept at AWS is named by the model's ARN; then there are variables for it in place of messages.
            if (reader.ValueTextEquals("messages"u8) || reader.ValueTextEquals("system"u8)
                || reader.ValueTextEquals("toolConfig"u8) || reader.ValueTextEquals("promptVariables"u8)) fields.Prompt(ref reader);
            else if (reader.ValueTextEquals("inferenceConfig"u8)) maxTokens = ReadMaxTokens(ref reader, ref fields);
            else if (reader.ValueTextEquals("serviceTier"u8)) tier = ReadTier(ref reader, ref fields);
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (fields.Error is { } error) return (null, error);
        return (new CallRequest(target) { Stream = stream, ServiceTier = tier, MaxOutputTokens = maxTokens, PromptBytes = fields.PromptBytes }, null);
    }

    private static long? ReadMaxTokens(ref Utf8JsonReader reader, ref RequestFields fields)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        long? maxTokens = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("maxTokens"u8)) maxTokens = fields.Positive(ref reader, "inferenceConfig.maxTokens");
            else JsonReading.SkipValue(ref reader);
        }

        return maxTokens;
    }

    private static string? ReadTier(ref Utf8JsonReader reader, ref RequestFields fields)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        string? tier = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) tier = fields.Text(ref reader, "serviceTier.type", CallRequest.MaxTierLength, printable: true);
            else JsonReading.SkipValue(ref reader);
        }

        return tier;
    }
}
