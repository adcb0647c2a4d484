using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Meters chat completions.</summary>
public sealed class ChatCompletionsReader : OpenAiReader
{
    protected override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => data.SequenceEqual("[DONE]"u8) ? AnswerPart.End : Body(data);

    protected override AnswerPart Body(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;

        bool hasError = false, emptyChoices = false, hasUsage = false;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("model"u8)) ReadModel(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) ReadServiceTier(ref reader);
            else if (reader.ValueTextEquals("usage"u8)) hasUsage = ReadUsage(ref reader);
            else if (reader.ValueTextEquals("choices"u8)) emptyChoices = ReadChoices(ref reader) == 0;
            else if (reader.ValueTextEquals("error"u8)) hasError = ReadError(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        // Azure's first chunk has no choices either, but what its filter thinks of the prompt instead of usage
        // (learn.microsoft.com/azure/ai-foundry/openai/concepts/content-streaming): it is content.
        JsonReading.ReadToEnd(ref reader);
        return hasError ? AnswerPart.Error
            : hasUsage && emptyChoices ? AnswerPart.UsageOnly
            : AnswerPart.Content;
    }

    private bool ReadUsage(ref Utf8JsonReader reader)
    {
        if (OpenAiUsage.OfCompletions(ref reader) is not { } usage) return false;
        Usage = usage;
        return true;
    }

    private int ReadChoices(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return -1;

        // Whatever is generated (content, refusals, tool calls' arguments) stands in string values below the choices.
        var count = 0;
        var depth = reader.CurrentDepth;
        var generated = false;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == depth + 1) count++;
            else if (reader.TokenType == JsonTokenType.PropertyName) generated = IsGenerated(ref reader);
            else if (reader.TokenType == JsonTokenType.String && generated) ContentBytes += reader.ValueSpan.Length;
        }

        return count;
    }

    /// <summary>
    /// Names of what a model writes. Reasoning models of compatible servers write <c>reasoning_content</c> too; spoken answers come with a
    /// <c>transcript</c>, while their <c>data</c> is sound, whose bytes say nothing about tokens.
    /// </summary>
    private static bool IsGenerated(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8)
        || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("transcript"u8);
}
