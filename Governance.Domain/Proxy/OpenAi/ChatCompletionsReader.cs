using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Meters chat completions.</summary>
public sealed class ChatCompletionsReader : AnswerReader
{
    protected override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => data.SequenceEqual("[DONE]"u8) ? AnswerPart.End : Body(data);

    protected override AnswerPart Body(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;

        bool hasError = false, emptyChoices = false, hasUsage = false;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("model"u8)) Model = JsonReading.Text(ref reader) ?? Model;
            else if (reader.ValueTextEquals("service_tier"u8)) ServiceTier = JsonReading.Text(ref reader) ?? ServiceTier;
            else if (reader.ValueTextEquals("usage"u8)) hasUsage = ReadUsage(ref reader);
            else if (reader.ValueTextEquals("choices"u8)) emptyChoices = ReadChoices(ref reader) == 0;
            else if (reader.ValueTextEquals("error"u8)) hasError = ReadError(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        return hasError ? AnswerPart.Error
            : hasUsage && emptyChoices ? AnswerPart.UsageOnly
            : AnswerPart.Content;
    }

    /// <summary>
    /// OpenAI counts cached reads and cache writes inside <c>prompt_tokens</c>, and reasoning inside <c>completion_tokens</c>
    /// (platform.openai.com/docs/guides/prompt-caching); here the classes are made disjoint.
    /// </summary>
    private bool ReadUsage(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return false;

        long prompt = 0, completion = 0, cached = 0, cacheWrite = 0, reasoning = 0;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) completion = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
                (cached, cacheWrite) = ReadPair(ref reader, "cached_tokens"u8, "cache_write_tokens"u8);
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
                (reasoning, _) = ReadPair(ref reader, "reasoning_tokens"u8, default);
            else JsonReading.SkipValue(ref reader);
        }

        cached = Math.Min(cached, prompt);
        cacheWrite = Math.Min(cacheWrite, prompt - cached);
        Usage = new TokenUsage(prompt - cached - cacheWrite, cached, cacheWrite, 0, completion, Math.Min(reasoning, completion));
        return true;
    }

    private static (long First, long Second) ReadPair(ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        long firstValue = 0, secondValue = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return default;
        }

        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(first)) firstValue = JsonReading.Count(ref reader);
            else if (!second.IsEmpty && reader.ValueTextEquals(second)) secondValue = JsonReading.Count(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return (firstValue, secondValue);
    }

    private int ReadChoices(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return -1;

        // Whatever is generated (content, refusals, tool calls' arguments) stands in string values below the choices.
        var count = 0;
        var depth = reader.CurrentDepth;
        var name = "";
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == depth + 1) count++;
            else if (reader.TokenType == JsonTokenType.PropertyName) name = GeneratedName(ref reader);
            else if (reader.TokenType == JsonTokenType.String && name.Length > 0) ContentBytes += reader.ValueSpan.Length;
        }

        return count;
    }

    private static string GeneratedName(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("refusal"u8) ? "generated" : "";

    private bool ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        string? code = null, type = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("code"u8)) code = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        ErrorCode = code ?? type;
        return true;
    }
}
