using System.Text.Json;

namespace Governance.Domain.Proxy.Gemini;

/// <summary>
/// Counts the bytes that the model generated in a candidate's content: texts, thoughts, calls and code. Media, signatures and what the
/// provider's tools answered tell nothing about the tokens of the answer.
/// </summary>
internal static class GeneratedContent
{
    /// <summary>Reads the property on whose name the cursor stands.</summary>
    public static long Count(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersObject(ref reader)) return 0;
        var bytes = 0L;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("parts"u8)) bytes += CountParts(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        return bytes;
    }

    private static long CountParts(ref Utf8JsonReader reader)
    {
        if (!JsonReading.EntersArray(ref reader)) return 0;
        var bytes = 0L;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) bytes += CountPart(ref reader);
            else reader.Skip();
        }

        return bytes;
    }

    private static long CountPart(ref Utf8JsonReader reader)
    {
        var bytes = 0L;
        while (JsonReading.NextProperty(ref reader))
        {
            var isText = reader.ValueTextEquals("text"u8);
            var isCall = reader.ValueTextEquals("functionCall"u8) || reader.ValueTextEquals("executableCode"u8);
            reader.Read();
            var start = reader.TokenStartIndex;
            if (isText && reader.TokenType == JsonTokenType.String) bytes += reader.ValueSpan.Length;
            reader.Skip();
            if (isCall) bytes += reader.BytesConsumed - start;
        }

        return bytes;
    }
}
