using System.Text.Json;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>Measures what a model wrote in documents of many vendors: it stands in string values, whatever they are called.</summary>
internal static class GeneratedText
{
    /// <summary>The bytes of the strings in the value on which the cursor stands, which it leaves on the value's last token.</summary>
    public static long Measure(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan.Length;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return 0;
        var (bytes, depth, counts) = (0L, reader.CurrentDepth, true);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName) counts = !IsLabel(ref reader);
            else if (reader.TokenType == JsonTokenType.String && counts) bytes += reader.ValueSpan.Length;
        }

        return bytes;
    }

    /// <summary>Names whose values the service writes, not the model; and those of pictures, which are no text.</summary>
    public static bool IsLabel(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("model"u8) || reader.ValueTextEquals("role"u8)
        || reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("stop_reason"u8) || reader.ValueTextEquals("stopReason"u8)
        || reader.ValueTextEquals("finish_reason"u8) || reader.ValueTextEquals("completionReason"u8) || reader.ValueTextEquals("toolUseId"u8)
        || reader.ValueTextEquals("images"u8) || reader.ValueTextEquals("base64"u8);
}
