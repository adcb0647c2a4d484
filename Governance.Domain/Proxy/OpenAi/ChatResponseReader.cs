using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Reads the facts of a chat-completions answer: a whole body, or one chunk of a stream after another.</summary>
public sealed class ChatResponseReader
{
    private const int MaxTextLength = 200;

    public string? Model { get; private set; }

    public string? ServiceTier { get; private set; }

    /// <summary>What the provider reported; none until it did.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>The code of an error inside the answer, where there was one.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>Bytes of generated text, from which tokens are estimated when the provider reported none.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Whether at least one chunk or body could be read.</summary>
    public bool Understood { get; private set; }

    /// <summary>Reads one JSON document.</summary>
    /// <returns>What kind of document it was.</returns>
    public ChatDocument Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadDocument(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return ChatDocument.Garbage;
        }
    }

    private ChatDocument ReadDocument(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return ChatDocument.Garbage;

        bool hasError = false, emptyChoices = false, hasUsage = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("model"u8)) Model = String(ref reader) ?? Model;
            else if (reader.ValueTextEquals("service_tier"u8)) ServiceTier = String(ref reader) ?? ServiceTier;
            else if (reader.ValueTextEquals("usage"u8)) hasUsage = ReadUsage(ref reader);
            else if (reader.ValueTextEquals("choices"u8)) emptyChoices = ReadChoices(ref reader) == 0;
            else if (reader.ValueTextEquals("error"u8)) hasError = ReadError(ref reader);
            else SkipValue(ref reader);
        }

        while (reader.Read())
        {
        }

        Understood = true;
        return hasError ? ChatDocument.Error
            : hasUsage && emptyChoices ? ChatDocument.UsageOnly
            : ChatDocument.Content;
    }

    /// <summary>
    /// OpenAI counts cached reads and cache writes inside <c>prompt_tokens</c>, and reasoning inside <c>completion_tokens</c>
    /// (platform.openai.com/docs/guides/prompt-caching); here the classes are made disjoint.
    /// </summary>
    private bool ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        long prompt = 0, completion = 0, cached = 0, cacheWrite = 0, reasoning = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = Count(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) completion = Count(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
                (cached, cacheWrite) = ReadPair(ref reader, "cached_tokens"u8, "cache_write_tokens"u8);
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
                (reasoning, _) = ReadPair(ref reader, "reasoning_tokens"u8, default);
            else SkipValue(ref reader);
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

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(first)) firstValue = Count(ref reader);
            else if (!second.IsEmpty && reader.ValueTextEquals(second)) secondValue = Count(ref reader);
            else SkipValue(ref reader);
        }

        return (firstValue, secondValue);
    }

    private int ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return -1;
        }

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
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("code"u8)) code = String(ref reader);
            else if (reader.ValueTextEquals("type"u8)) type = String(ref reader);
            else SkipValue(ref reader);
        }

        ErrorCode = code ?? type;
        return true;
    }

    private static long Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)) return Math.Clamp(value, 0, int.MaxValue);
        reader.Skip();
        return 0;
    }

    private static string? String(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return Storable(reader.GetString()!);
        reader.Skip();
        return null;
    }

    /// <summary>Short enough for its column and without control characters, which PostgreSQL refuses; no character is cut in half.</summary>
    private static string Storable(string text)
    {
        if (text.Length > MaxTextLength) text = text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
