using System.Globalization;
using System.Text.Json;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>A JSON object as names and values to read: what is nested is named by its path.</summary>
internal static class JsonRows
{
    private const string Nothing = "–";

    public static IReadOnlyList<(string Name, string Value)> Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. RowsOf("", document.RootElement)];
    }

    private static IEnumerable<(string Name, string Value)> RowsOf(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.EnumerateObject().Any() => element.EnumerateObject().SelectMany(member => RowsOf(Join(path, member.Name), member.Value)),
        JsonValueKind.Array when element.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array) =>
            element.EnumerateArray().SelectMany((item, index) => RowsOf(Join(path, (index + 1).ToString(CultureInfo.InvariantCulture)), item)),
        _ => [(path, ValueOf(element))],
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path} · {name}";

    private static string ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array when element.GetArrayLength() > 0 => string.Join(", ", element.EnumerateArray().Select(ValueOf)),
        JsonValueKind.String => element.GetString() is { Length: > 0 } text ? text : Nothing,
        JsonValueKind.Number => element.GetRawText(),
        _ => Nothing,
    };
}
