using System.Text;
using System.Text.Json;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>What the answers of all of Bedrock's APIs have in common: how they fail.</summary>
public abstract class BedrockReader : AnswerReader
{
    private string? _errorType;

    public override void ReadHead(Func<string, string?> header) => _errorType = TypeOf(header("x-amzn-ErrorType"));

    protected sealed override AnswerPart Body(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonReading.Options);
        if (!reader.Read()) return AnswerPart.Garbage;
        if (_errorType is null && !IsFault(reader)) return Answer(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;
        return Fault(ref reader, _errorType);
    }

    protected sealed override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;
        return IsException(name) ? Fault(ref reader, JsonReading.Storable(Encoding.UTF8.GetString(name))) : Event(name, ref reader);
    }

    /// <summary>Reads a whole answer that is none of an error; the cursor stands on its first token.</summary>
    private protected abstract AnswerPart Answer(ref Utf8JsonReader reader);

    /// <summary>Reads an event; the cursor stands on the start of its object.</summary>
    private protected abstract AnswerPart Event(ReadOnlySpan<byte> name, ref Utf8JsonReader reader);

    /// <summary>Exceptions are named so; the codes of errors that an API does not describe begin in upper case, as no event does.</summary>
    private static bool IsException(ReadOnlySpan<byte> name) => name.EndsWith("Exception"u8) || (!name.IsEmpty && name[0] is >= (byte)'A' and <= (byte)'Z');

    /// <summary>An explanation without a type in the head, as a gateway before the API sends it, has a message and nothing of an answer.</summary>
    private static bool IsFault(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        var hasMessage = false;
        while (JsonReading.NextProperty(ref reader))
        {
            var isMessage = reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("Message"u8);
            if (!isMessage && !reader.ValueTextEquals("__type"u8)) return false;
            hasMessage |= isMessage;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) return false;
        }

        return hasMessage;
    }

    private AnswerPart Fault(ref Utf8JsonReader reader, string? type)
    {
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("__type"u8)) type ??= TypeOf(JsonReading.Text(ref reader));
            else JsonReading.SkipValue(ref reader);
        }

        JsonReading.ReadToEnd(ref reader);
        ErrorCode = type;
        return AnswerPart.Error;
    }

    /// <summary>The bare name: a namespace may stand before it, an address behind it (smithy.io, "AWS restJson1", "Operation error serialization").</summary>
    private static string? TypeOf(string? type) =>
        string.IsNullOrWhiteSpace(type) ? null : JsonReading.Storable(type.Split(':')[0].Split('#')[^1].Trim());
}
