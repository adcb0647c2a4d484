using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>Meters Converse and ConverseStream.</summary>
public sealed class ConverseReader : BedrockReader
{
    private protected override AnswerPart Answer(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.StartObject ? Read(ref reader, "output"u8, AnswerPart.Content) : AnswerPart.Garbage;

    /// <summary>The usage comes in an event of its own, which is the last: it follows the end of the message ("ConverseStreamMetadataEvent").</summary>
    private protected override AnswerPart Event(ReadOnlySpan<byte> name, ref Utf8JsonReader reader) =>
        Read(ref reader, name.SequenceEqual("contentBlockDelta"u8) ? "delta"u8 : default, name.SequenceEqual("metadata"u8) ? AnswerPart.End : AnswerPart.Content);

    private AnswerPart Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> generated, AnswerPart part)
    {
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader);
            else if (reader.ValueTextEquals("serviceTier"u8)) ReadTier(ref reader);
            else if (!generated.IsEmpty && reader.ValueTextEquals(generated))
            {
                reader.Read();
                ContentBytes += GeneratedText.Measure(ref reader);
            }
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        return part;
    }

    /// <summary>
    /// <c>inputTokens</c> holds neither what was read from a cache nor what was written to one ("Prompt caching for faster model inference"), so
    /// the classes are disjoint as they come. <c>cacheDetails</c> divides the writes by lifetime ("TokenUsage", "CacheDetail").
    /// </summary>
    private void ReadUsage(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        long input = 0, output = 0, cached = 0, written = 0;
        (long All, long Hour) details = default;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("inputTokens"u8)) input = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("outputTokens"u8)) output = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("cacheReadInputTokens"u8)) cached = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("cacheWriteInputTokens"u8)) written = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("cacheDetails"u8)) details = ReadDetails(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        Usage = new TokenUsage(input, cached, Math.Max(written, details.All) - details.Hour, details.Hour, output);
    }

    private static (long All, long Hour) ReadDetails(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return default;
        long all = 0, hour = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var (tokens, isHour) = (0L, false);
            while (JsonReading.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("inputTokens"u8)) tokens = JsonReading.Count(ref reader);
                else if (reader.ValueTextEquals("ttl"u8)) isHour = JsonReading.Text(ref reader) == "1h";
                else JsonReading.SkipValue(ref reader);
            }

            (all, hour) = (all + tokens, hour + (isHour ? tokens : 0));
        }

        return (all, hour);
    }

    private void ReadTier(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) ServiceTier = JsonReading.Text(ref reader) ?? ServiceTier;
            else JsonReading.SkipValue(ref reader);
        }
    }
}
