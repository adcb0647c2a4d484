using System.Globalization;
using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>
/// Meters InvokeModel by what Bedrock itself reports beside the vendor's body: headers of a whole answer, and metrics that it adds to the last
/// chunk of a stream. Both count cache reads and writes apart from the input, as the vendors do whose models cache.
/// </summary>
public sealed class InvokeModelReader : BedrockReader
{
    public override void ReadHead(Func<string, string?> header)
    {
        base.ReadHead(header);
        ServiceTier = header("X-Amzn-Bedrock-Service-Tier") is { Length: > 0 } tier ? JsonReading.Storable(tier) : null;
        var (input, output) = (Count(header, "Input"), Count(header, "Output"));
        if (input is null && output is null) return;
        Usage = new TokenUsage(input ?? 0, Count(header, "Cache-Read-Input") ?? 0, Count(header, "Cache-Write-Input") ?? 0, Output: output ?? 0);
    }

    private protected override AnswerPart Answer(ref Utf8JsonReader reader)
    {
        ContentBytes += GeneratedText.Measure(ref reader);
        JsonReading.ReadToEnd(ref reader);
        return AnswerPart.Content;
    }

    /// <summary>A chunk holds one of the vendor's events in base64 ("PayloadPart"), beside padding.</summary>
    private protected override AnswerPart Event(ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        byte[]? chunk = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("bytes"u8))
            {
                JsonReading.SkipValue(ref reader);
                continue;
            }

            reader.Read();
            chunk = reader.GetBytesFromBase64();
        }

        JsonReading.ReadToEnd(ref reader);
        return chunk is null ? AnswerPart.Content : ReadChunk(chunk);
    }

    private AnswerPart ReadChunk(byte[] chunk)
    {
        var reader = new Utf8JsonReader(chunk, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;
        var (part, bytes) = (AnswerPart.Content, 0L);
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("amazon-bedrock-invocationMetrics"u8))
            {
                ReadMetrics(ref reader);
                part = AnswerPart.End;
                continue;
            }

            var isLabel = GeneratedText.IsLabel(ref reader);
            reader.Read();
            var measured = GeneratedText.Measure(ref reader);
            if (!isLabel) bytes += measured;
        }

        JsonReading.ReadToEnd(ref reader);
        ContentBytes += bytes;
        return part;
    }

    private void ReadMetrics(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return;
        long input = 0, output = 0, cached = 0, written = 0;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("inputTokenCount"u8)) input = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("outputTokenCount"u8)) output = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("cacheReadInputTokenCount"u8)) cached = JsonReading.Count(ref reader);
            else if (reader.ValueTextEquals("cacheWriteInputTokenCount"u8)) written = JsonReading.Count(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        Usage = new TokenUsage(input, cached, written, Output: output);
    }

    private static long? Count(Func<string, string?> header, string name) =>
        long.TryParse(header($"X-Amzn-Bedrock-{name}-Token-Count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Clamp(count, 0, int.MaxValue)
            : null;
}
