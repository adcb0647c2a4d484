using System.Text.Json;

namespace Governance.Domain.Proxy;

/// <summary>Reads values of documents that others wrote, with a cursor on a property's name: each step leaves it on the value's last token.</summary>
internal static class JsonReading
{
    private const int MaxTextLength = 200;

    /// <summary>Documents nest no deeper; what does is no document of a provider.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>A count; 0 for what is none.</summary>
    public static long Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)) return Math.Clamp(value, 0, int.MaxValue);
        reader.Skip();
        return 0;
    }

    /// <summary>A short text; none for what is none.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return Storable(reader.GetString()!);
        reader.Skip();
        return null;
    }

    /// <summary>Whether the value is an object, into which the cursor then stepped; anything else was skipped.</summary>
    public static bool EntersObject(ref Utf8JsonReader reader) => Enters(ref reader, JsonTokenType.StartObject);

    /// <summary>Whether the value is an array, into which the cursor then stepped; anything else was skipped.</summary>
    public static bool EntersArray(ref Utf8JsonReader reader) => Enters(ref reader, JsonTokenType.StartArray);

    /// <summary>Whether there is a value other than null, which was skipped.</summary>
    public static bool IsGiven(ref Utf8JsonReader reader)
    {
        reader.Read();
        var given = reader.TokenType != JsonTokenType.Null;
        reader.Skip();
        return given;
    }

    /// <summary>Steps over the value.</summary>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Whether an object's next property was reached; its end otherwise.</summary>
    public static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Reads on to the document's end, which proves that nothing follows the value.</summary>
    /// <exception cref="JsonException">Something does.</exception>
    public static void ReadToEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }
    }

    /// <summary>Short enough for its column and without control characters, which PostgreSQL refuses; no character is cut in half.</summary>
    public static string Storable(string text)
    {
        if (text.Length > MaxTextLength) text = text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
    }

    private static bool Enters(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start) return true;
        reader.Skip();
        return false;
    }
}
