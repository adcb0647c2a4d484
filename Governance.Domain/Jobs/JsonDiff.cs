using System.Text.Json;

namespace Governance.Domain.Jobs;

/// <summary>One value of a JSON document that another document has otherwise.</summary>
/// <param name="Path">Where it stands, such as <c>Result.Attempts[0].Status</c>.</param>
/// <param name="Before">What it was, as JSON; none if it was not there.</param>
/// <param name="After">What it is, as JSON; none if it is gone.</param>
public sealed record JsonChange(string Path, string? Before, string? After);

/// <summary>Tells two JSON documents apart, value by value. The order of an object's members does not count, that of an array does.</summary>
public static class JsonDiff
{
    /// <summary>What the document itself is called where it is no object.</summary>
    private const string Whole = "(value)";

    /// <exception cref="JsonException">One of them is no JSON.</exception>
    public static IReadOnlyList<JsonChange> Of(string before, string after)
    {
        using var left = JsonDocument.Parse(before);
        using var right = JsonDocument.Parse(after);
        return [.. Compare("", left.RootElement, right.RootElement)];
    }

    private static IEnumerable<JsonChange> Compare(string path, JsonElement before, JsonElement after)
    {
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object) return Members(path, before, after);
        if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array) return Elements(path, before, after);
        return JsonElement.DeepEquals(before, after) ? [] : [new JsonChange(path.Length == 0 ? Whole : path, before.GetRawText(), after.GetRawText())];
    }

    private static IEnumerable<JsonChange> Members(string path, JsonElement before, JsonElement after)
    {
        foreach (var member in before.EnumerateObject())
        {
            var place = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!after.TryGetProperty(member.Name, out var other))
            {
                yield return new JsonChange(place, member.Value.GetRawText(), null);
                continue;
            }

            foreach (var change in Compare(place, member.Value, other)) yield return change;
        }

        foreach (var member in after.EnumerateObject().Where(member => !before.TryGetProperty(member.Name, out _)))
            yield return new JsonChange(path.Length == 0 ? member.Name : $"{path}.{member.Name}", null, member.Value.GetRawText());
    }

    private static IEnumerable<JsonChange> Elements(string path, JsonElement before, JsonElement after)
    {
        var (count, others) = (before.GetArrayLength(), after.GetArrayLength());
        for (var i = 0; i < Math.Max(count, others); i++)
        {
            var place = $"{path}[{i}]";
            if (i >= others) yield return new JsonChange(place, before[i].GetRawText(), null);
            else if (i >= count) yield return new JsonChange(place, null, after[i].GetRawText());
            else foreach (var change in Compare(place, before[i], after[i])) yield return change;
        }
    }
}
