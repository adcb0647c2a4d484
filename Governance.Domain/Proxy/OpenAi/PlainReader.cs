using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>Meters answers in which nothing is generated: embeddings, moderations, models and lists of them.</summary>
public sealed class PlainReader : OpenAiReader
{
    protected override AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => AnswerPart.Garbage;

    protected override AnswerPart Body(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonReading.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return AnswerPart.Garbage;

        bool hasError = false, known = false;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("model"u8)) ReadModel(ref reader);
            else if (reader.ValueTextEquals("usage"u8)) Usage = OpenAiUsage.OfCompletions(ref reader) ?? Usage;
            else if (reader.ValueTextEquals("error"u8)) hasError = ReadError(ref reader);
            else
            {
                known |= reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("results"u8) || reader.ValueTextEquals("object"u8);
                JsonReading.SkipValue(ref reader);
            }
        }

        JsonReading.ReadToEnd(ref reader);
        return hasError ? AnswerPart.Error : known ? AnswerPart.Content : AnswerPart.Garbage;
    }
}
