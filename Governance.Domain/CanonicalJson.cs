using System.Collections;
using System.Globalization;
using System.Text;
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
    public static string Write(object? value)
    {
        var json = new StringBuilder();
        Write(json, value);
        return json.ToString();
    }

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

    private static void Write(StringBuilder json, object? value)
    {
        switch (value)
        {
            case null: json.Append("null"); break;
            case bool flag: json.Append(flag ? "true" : "false"); break;
            case int number: json.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case long number and >= -MaxExact and <= MaxExact: json.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case string text: WriteString(json, text); break;
            case IReadOnlyDictionary<string, object?> members: WriteMembers(json, members); break;
            case IEnumerable items: WriteItems(json, items); break;
            default: throw new ArgumentException($"A {value.GetType().Name} has no canonical form here.", nameof(value));
        }
    }

    /// <summary>Beyond it, a reader that takes numbers for doubles reads another one.</summary>
    private const long MaxExact = (1L << 53) - 1;

    private static void WriteMembers(StringBuilder json, IReadOnlyDictionary<string, object?> members)
    {
        var separator = '{';
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            json.Append(separator);
            WriteString(json, name);
            json.Append(':');
            Write(json, value);
            separator = ',';
        }

        json.Append(separator == '{' ? "{}" : "}");
    }

    private static void WriteItems(StringBuilder json, IEnumerable items)
    {
        var separator = '[';
        foreach (var item in items)
        {
            json.Append(separator);
            Write(json, item);
            separator = ',';
        }

        json.Append(separator == '[' ? "[]" : "]");
    }

    internal static void WriteString(StringBuilder json, string text)
    {
        json.Append('"');
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1F') && !text.AsSpan().ContainsAny('"', '\\'))
        {
            json.Append(text).Append('"');
            return;
        }

        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => json.Append(character),
            };
        }

        json.Append('"');
    }
}
