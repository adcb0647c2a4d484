using System.Buffers;
using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Asks for the usage of a stream whose caller did not.</summary>
public static class UsageRequest
{
    /// <summary>
    /// The body with <c>stream_options.include_usage</c> set, every other byte as it was. OpenAI reports a stream's usage only
    /// when asked (platform.openai.com/docs/api-reference/chat/create, <c>stream_options</c>).
    /// </summary>
    public static byte[] AddTo(ReadOnlySpan<byte> body)
    {
        // A name may be repeated, and readers differ in which one counts, so every one is set.
        var reader = new Utf8JsonReader(body);
        var result = new ArrayBufferWriter<byte>(body.Length + 64);
        reader.Read();
        var (insertAt, copied, empty, found) = ((int)reader.TokenStartIndex + 1, 0, true, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            var isOptions = reader.ValueTextEquals("stream_options"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isOptions) continue;

            found = true;
            result.Write(body[copied..start]);
            WriteOptions(body[start..(int)reader.BytesConsumed], result);
            copied = (int)reader.BytesConsumed;
        }

        if (!found)
        {
            result.Write(body[..insertAt]);
            result.Write("\"stream_options\":{\"include_usage\":true}"u8);
            if (!empty) result.Write(","u8);
            copied = insertAt;
        }

        result.Write(body[copied..]);
        return result.WrittenSpan.ToArray();
    }

    /// <summary>Writes options that ask for usage: the old ones with <c>include_usage</c> set, or new ones in place of what is no object.</summary>
    private static void WriteOptions(ReadOnlySpan<byte> options, ArrayBufferWriter<byte> result)
    {
        var reader = new Utf8JsonReader(options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            result.Write("""{"include_usage":true}"""u8);
            return;
        }

        var (copied, empty, found) = (0, true, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isUsage) continue;

            found = true;
            result.Write(options[copied..start]);
            result.Write("true"u8);
            copied = (int)reader.BytesConsumed;
        }

        if (!found)
        {
            result.Write("{\"include_usage\":true"u8);
            if (!empty) result.Write(","u8);
            copied = 1;
        }

        result.Write(options[copied..]);
    }
}
