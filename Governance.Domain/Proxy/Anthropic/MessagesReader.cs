using System.Text.Json;

namespace Governance.Domain.Proxy.Anthropic;

/// <summary>
/// Meters messages (platform.claude.com/docs/en/api/messages and …/docs/en/build-with-claude/streaming). A stream begins with the usage of
/// the prompt and a first token or so of output, and tells the totals at its end: only these are taken as the usage. Events are told apart
/// by their data's <c>type</c>, which always repeats the event's name.
/// </summary>
public sealed class MessagesReader : AnswerReader
{
    private MessageUsage _usage;
    private bool _declinesBilled;

    protected override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Read(data, isFrame: true);

    protected override AnswerPart Body(ReadOnlySpan<byte> body) => Read(body, isFrame: false);

    private AnswerPart Read(ReadOnlySpan<byte> data, bool isFrame)
    {
        var reader = new Utf8JsonReader(data, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;

        string? type = null;
        bool hasError = false, hasUsage = false, started = false;
        var usage = _usage;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("model"u8)) Model = JsonReading.Text(ref reader) ?? Model;
            else if (reader.ValueTextEquals("message"u8)) started = ReadStart(ref reader, ref usage);
            else if (reader.ValueTextEquals("usage"u8)) hasUsage = usage.Read(ref reader);
            else if (reader.ValueTextEquals("content"u8)) ReadContent(ref reader);
            else if (reader.ValueTextEquals("content_block"u8) || reader.ValueTextEquals("delta"u8)) ReadBlock(ref reader);
            else if (reader.ValueTextEquals("error"u8)) hasError = ReadError(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (hasError || type == "error") return AnswerPart.Error;
        if (started || hasUsage) Apply(usage, isWhole: hasUsage && (!isFrame || (type == "message_delta" && usage.Counts.HasOutput)));
        return type == "message_stop" ? AnswerPart.End : AnswerPart.Content;
    }

    private void Apply(MessageUsage usage, bool isWhole)
    {
        _usage = usage;
        ServiceTier = usage.ServiceTier ?? ServiceTier;
        Units = usage.Units;
        Model = usage.Iterations.FallbackModel ?? Model;
        var all = usage.ToUsage(_declinesBilled);
        if (isWhole) Usage = all;
        else PromptUsage = all with { Output = 0, Reasoning = 0 };
    }

    /// <summary>The message of <c>message_start</c>.</summary>
    private bool ReadStart(ref Utf8JsonReader reader, ref MessageUsage usage)
    {
        if (!JsonReading.EntersObject(ref reader)) return false;
        var hasUsage = false;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("model"u8)) Model = JsonReading.Text(ref reader) ?? Model;
            else if (reader.ValueTextEquals("usage"u8)) hasUsage = usage.Read(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return hasUsage;
    }

    private void ReadContent(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) ReadBlockObject(ref reader);
            else reader.Skip();
        }
    }

    /// <summary>A block of content, or a part of one.</summary>
    private void ReadBlock(ref Utf8JsonReader reader)
    {
        if (JsonReading.EntersObject(ref reader)) ReadBlockObject(ref reader);
    }

    private void ReadBlockObject(ref Utf8JsonReader reader)
    {
        string? type = null, to = null, category = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("to"u8)) to = ReadTextOf(ref reader, "model"u8);
            else if (reader.ValueTextEquals("trigger"u8)) category = ReadTextOf(ref reader, "category"u8);
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("partial_json"u8)
                || reader.ValueTextEquals("content"u8)) CountText(ref reader);
            else if (reader.ValueTextEquals("input"u8)) CountInput(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        if (type != "fallback") return;

        // A refusal before any output is billed in three categories (platform.claude.com/docs/en/build-with-claude/refusals-and-fallback).
        Model = to ?? Model;
        _declinesBilled |= category is "bio" or "frontier_llm" or "reasoning_extraction";
    }

    /// <summary>What is generated stands in strings; what a tool of the provider answered, in arrays and objects.</summary>
    private void CountText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) ContentBytes += reader.ValueSpan.Length;
        reader.Skip();
    }

    /// <summary>A tool's arguments; a stream begins them with an empty object.</summary>
    private void CountInput(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        reader.Skip();
        var length = reader.BytesConsumed - start;
        if (length > "{}".Length) ContentBytes += length;
    }

    private bool ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) ErrorCode = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return true;
    }

    private static string? ReadTextOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!JsonReading.EntersObject(ref reader)) return null;
        string? text = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(name)) text = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return text;
    }
}
