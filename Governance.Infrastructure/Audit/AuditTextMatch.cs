using System.Text.Json;

namespace Governance.Infrastructure.Audit;

/// <summary>Whether what an event says holds a text: in its values, in whatever case, or in the name of a person whose id is a value.</summary>
/// <param name="text">What is looked for.</param>
/// <param name="people">Whom ids mean.</param>
internal sealed class AuditTextMatch(string text, IReadOnlyDictionary<Guid, AuditPerson> people)
{
    public bool IsIn(IEnumerable<AuditPartRow> parts) => parts.Any(part => part.Json is { } json && IsIn(json));

    private bool IsIn(string json)
    {
        using var document = JsonDocument.Parse(json);
        return IsIn(document.RootElement);
    }

    private bool IsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(member => IsIn(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(IsIn),
        JsonValueKind.String => IsInValue(element.GetString()!),
        JsonValueKind.Number => IsInText(element.GetRawText()),
        _ => false,
    };

    private bool IsInValue(string value) =>
        IsInText(value) || (Guid.TryParse(value, out var id) && people.TryGetValue(id, out var person) && IsInText(person.Name));

    private bool IsInText(string value) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
}
