using System.Text.Json;
using System.Text.Unicode;

namespace Governance.Domain.Identity.Tokens;

/// <summary>Reads a JSON object in which each name stands once, so that no two readers can disagree about a member's value.</summary>
internal static class StrictJson
{
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>The object's members; none if the octets are not such an object in UTF-8.</summary>
    public static Dictionary<string, JsonElement>? ReadObject(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span)) return null;
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;

            var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!members.TryAdd(member.Name, member.Value.Clone())) return null;
            }

            return members;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // An InvalidOperationException: a name with an escaped half of a surrogate pair.
        }
    }

    /// <summary>A member that is a string; none if it is absent or something else.</summary>
    public static string? Text(this Dictionary<string, JsonElement> members, string name)
    {
        if (!members.TryGetValue(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // An escaped half of a surrogate pair is no text.
        }
    }
}
