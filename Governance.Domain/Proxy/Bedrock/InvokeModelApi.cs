using System.Text.Json;
using Governance.Domain.Identity;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>
/// InvokeModel and InvokeModelWithResponseStream (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html): the body is
/// the vendor's, so it is read as far as vendors agree and never refused for what it holds.
/// </summary>
/// <param name="stream">Whether this is the operation that streams.</param>
public sealed class InvokeModelApi(bool stream) : JsonRequestApi
{
    public override string Scope => ProxyApis.InvokeModel;

    public override ErrorShape Errors => BedrockErrors.Instance;

    public override AnswerReader NewReader() => new InvokeModelReader();

    public override StreamFraming? NewFraming(CallRequest request, string? mediaType) => BedrockStreams.NewFraming(mediaType);

    private protected override (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target)
    {
        var start = reader.TokenStartIndex;
        long? maxTokens = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (IsBound(ref reader)) maxTokens = Bound(ref reader) ?? maxTokens;
            else if (reader.ValueTextEquals("inferenceConfig"u8) || reader.ValueTextEquals("textGenerationConfig"u8)) maxTokens = ReadConfig(ref reader) ?? maxTokens;
            else JsonReading.SkipValue(ref reader);
        }

        var bytes = reader.BytesConsumed - start;
        JsonReading.ReadToEnd(ref reader);
        return (new CallRequest(target) { Stream = stream, MaxOutputTokens = maxTokens, PromptBytes = bytes }, null);
    }

    private static long? ReadConfig(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        long? maxTokens = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (IsBound(ref reader)) maxTokens = Bound(ref reader) ?? maxTokens;
            else JsonReading.SkipValue(ref reader);
        }

        return maxTokens;
    }

    /// <summary>
    /// Anthropic, Mistral and Cohere; OpenAI; Meta; Amazon Nova, now and at first; Amazon Titan (Bedrock user guide, "Inference request
    /// parameters and response fields for foundation models").
    /// </summary>
    private static bool IsBound(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8) || reader.ValueTextEquals("max_gen_len"u8)
        || reader.ValueTextEquals("maxTokens"u8) || reader.ValueTextEquals("max_new_tokens"u8) || reader.ValueTextEquals("maxTokenCount"u8);

    private static long? Bound(ref Utf8JsonReader reader) => JsonReading.Count(ref reader) is > 0 and var count ? count : null;
}
