using System.Text.Json;

namespace Governance.Domain.Proxy.OpenAi;

/// <summary>What the answers of OpenAI's APIs have in common. Each reading stands on a property's name and leaves on its value.</summary>
public abstract class OpenAiReader : AnswerReader
{
    /// <summary>The model; Azure leaves it empty in what it sends before the model has begun.</summary>
    private protected void ReadModel(ref Utf8JsonReader reader) => Model = JsonReading.Text(ref reader) is { Length: > 0 } model ? model : Model;

    private protected void ReadServiceTier(ref Utf8JsonReader reader) => ServiceTier = JsonReading.Text(ref reader) ?? ServiceTier;

    /// <summary>Reads what went wrong; answers whether anything did.</summary>
    private protected bool ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        string? code = null, type = null;
        while (JsonReading.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("code"u8)) code = JsonReading.Text(ref reader);
            else if (reader.ValueTextEquals("type"u8)) type = JsonReading.Text(ref reader);
            else JsonReading.SkipValue(ref reader);
        }

        ErrorCode = code ?? type;
        return true;
    }

    /// <summary>How many bytes a text has; 0 for what is none.</summary>
    private protected static long TextBytes(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan.Length;
        reader.Skip();
        return 0;
    }
}
