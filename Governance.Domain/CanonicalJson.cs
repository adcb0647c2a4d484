using System.Buffers;
using System.Collections;
using System.Text.Json;

namespace Governance.Domain;

/// <summary>
/// Writes JSON in the canonical form of RFC 8785 (JCS): no white space, members sorted by their names' UTF-16 code units, strings with no
/// more escapes than needed. The same data is the same bytes (in UTF-8) on every machine and in every version, so that a hash can be taken
/// of them. Numbers are whole.
/// </summary>
public static class CanonicalJson
{
    /// <param name="value">A dictionary with string keys, a list, a string, a bool, an int or a long, or null; and what is in it likewise.</param>
    /// <exception cref="ArgumentException">The value holds something else.</exception>
    public static string Write(object? value) => Text(value).ToString();

    /// <summary>The same, as it is hashed and encrypted.</summary>
    /// <inheritdoc cref="Write(object?)"/>
    public static byte[] WriteBytes(object? value) => Text(value).ToBytes();

    /// <summary>What a JSON value is in the form that <see cref="Write(object?)"/> takes. Numbers that are not whole become their text.</summary>
    public static object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(member => member.Name, member => Read(member.Value), StringComparer.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Select(Read).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var whole) && whole is >= -MaxExact and <= MaxExact ? whole : value.GetRawText(),
        _ => null,
    };

    private static Utf8Text Text(object? value)
    {
        var json = new Utf8Text(256);
        Write(json, value);
        return json;
    }

    private static void Write(Utf8Text json, object? value)
    {
        switch (value)
        {
            case null: json.Append("null"u8); break;
            case bool flag: json.Append(flag ? "true"u8 : "false"u8); break;
            case int number: json.Append(number); break;
            case long number and >= -MaxExact and <= MaxExact: json.Append(number); break;
            case string text: WriteString(json, text); break;
            case IReadOnlyDictionary<string, object?> members: WriteMembers(json, members); break;
            case IEnumerable items: WriteItems(json, items); break;
            default: throw new ArgumentException($"A {value.GetType().Name} has no canonical form here.", nameof(value));
        }
    }

    /// <summary>Beyond it, a reader that takes numbers for doubles reads another one.</summary>
    private const long MaxExact = (1L << 53) - 1;

    private static void WriteMembers(Utf8Text json, IReadOnlyDictionary<string, object?> members)
    {
        var sorted = members.ToArray();
        Array.Sort(sorted, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        json.Append("{"u8);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0) json.Append(","u8);
            WriteString(json, sorted[i].Key);
            json.Append(":"u8);
            Write(json, sorted[i].Value);
        }

        json.Append("}"u8);
    }

    private static void WriteItems(Utf8Text json, IEnumerable items)
    {
        var first = true;
        json.Append("["u8);
        foreach (var item in items)
        {
            if (!first) json.Append(","u8);
            Write(json, item);
            first = false;
        }

        json.Append("]"u8);
    }

    internal static void WriteString(Utf8Text json, string text)
    {
        json.Append("\""u8);
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Escaped) is >= 0 and var at)
        {
            json.Append(rest[..at]);
            Escape(json, rest[at]);
            rest = rest[(at + 1)..];
        }

        json.Append(rest).Append("\""u8);
    }

    /// <summary>What cannot stand in a string as it is: quotation marks, backslashes and control characters.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. "\"\\", .. Enumerable.Range(0, ' ').Select(code => (char)code)]);

    private static void Escape(Utf8Text json, char character) => _ = character switch
    {
        '"' => json.Append("\\\""u8),
        '\\' => json.Append("\\\\"u8),
        '\b' => json.Append("\\b"u8),
        '\f' => json.Append("\\f"u8),
        '\n' => json.Append("\\n"u8),
        '\r' => json.Append("\\r"u8),
        '\t' => json.Append("\\t"u8),
        _ => json.Append("\\u"u8).Append((int)character, "x4"),
    };
}
