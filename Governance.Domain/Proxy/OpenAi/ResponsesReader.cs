using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>
/// Meters responses (platform.openai.com/docs/api-reference/responses-streaming). The events of a stream say in their data of which type they
/// are; the last one carries the response as a plain answer has it, usage included.
/// </summary>
public sealed class ResponsesReader : OpenAiReader
{
    private enum EventType
    {
        Unnamed,
        Other,
        AudioDelta,
        ItemDone,
        Ended,
        Failed,
    }

    protected override AnswerPart Body(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;
        var (failed, bytes) = ReadResponse(ref reader);
        JsonReading.ReadToEnd(ref reader);
        ContentBytes += bytes;
        return failed ? AnswerPart.Error : AnswerPart.Content;
    }

    protected override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;

        var type = EventType.Unnamed;
        var failed = false;
        long deltaBytes = 0;
        string? code = null;
        var item = default(UnitUsage);
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8)) type = ReadType(ref reader);
            else if (reader.ValueTextEquals("delta"u8)) deltaBytes = TextBytes(ref reader);
            else if (reader.ValueTextEquals("response"u8)) failed |= JsonReading.EntersObject(ref reader) && ReadResponse(ref reader).Failed;
            else if (reader.ValueTextEquals("item"u8)) item = JsonReading.EntersObject(ref reader) ? OutputItem.Read(ref reader).Units : default;
            else if (reader.ValueTextEquals("error"u8)) failed |= ReadError(ref reader);
            else if (reader.ValueTextEquals("code"u8)) code = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        if (type == EventType.Unnamed && !failed) return AnswerPart.Garbage;
        if (type != EventType.AudioDelta) ContentBytes += deltaBytes; // Sound is no text: its bytes say nothing about tokens.
        if (type == EventType.ItemDone) Units = OutputItem.Sum(Units, item);
        if (type == EventType.Failed) ErrorCode ??= code;
        return failed || type == EventType.Failed ? AnswerPart.Error
            : type == EventType.Ended ? AnswerPart.End
            : AnswerPart.Content;
    }

    /// <summary>Reads the response into which the cursor stepped: whether it failed, and how many bytes were generated for it.</summary>
    private (bool Failed, long Bytes) ReadResponse(ref Utf8JsonReader reader)
    {
        var failed = false;
        long bytes = 0;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("model"u8)) ReadModel(ref reader);
            else if (reader.ValueTextEquals("service_tier"u8)) ReadServiceTier(ref reader);
            else if (reader.ValueTextEquals("usage"u8)) Usage = OpenAiUsage.OfResponses(ref reader) ?? Usage;
            else if (reader.ValueTextEquals("output"u8)) bytes = ReadOutput(ref reader);
            else if (reader.ValueTextEquals("status"u8)) failed |= JsonReading.Text(ref reader) == "failed";
            else if (reader.ValueTextEquals("error"u8)) failed |= ReadError(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return (failed, bytes);
    }

    /// <summary>Counts what the provider's tools did. A stream told it item by item before, so the larger count is the whole.</summary>
    private long ReadOutput(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return 0;
        var units = default(UnitUsage);
        long bytes = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            var item = OutputItem.Read(ref reader);
            units = OutputItem.Sum(units, item.Units);
            bytes += item.Bytes;
        }

        Units = OutputItem.Larger(Units, units);
        return bytes;
    }

    private static EventType ReadType(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return EventType.Unnamed;
        }

        if (reader.ValueTextEquals("response.output_item.done"u8)) return EventType.ItemDone;
        if (reader.ValueTextEquals("response.audio.delta"u8)) return EventType.AudioDelta;
        if (reader.ValueTextEquals("response.completed"u8) || reader.ValueTextEquals("response.incomplete"u8)) return EventType.Ended;
        return reader.ValueTextEquals("response.failed"u8) || reader.ValueTextEquals("error"u8) ? EventType.Failed : EventType.Other;
    }
}
