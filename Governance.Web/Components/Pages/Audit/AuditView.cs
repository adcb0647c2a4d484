using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>Which part of the log is shown, as it stands in the URL.</summary>
public sealed record AuditView
{
    private const int MaxText = 200;

    public static AuditView Everything { get; } = new();

    public Guid? Person { get; init; }

    /// <summary>A key or another actor that is no person: its public id.</summary>
    public string? Actor { get; init; }

    public AuditCategory? Category { get; init; }

    /// <inheritdoc cref="AuditFilter.AtLeast"/>
    public AuditSeverity? AtLeast { get; init; }

    public AuditOutcome? Outcome { get; init; }

    /// <inheritdoc cref="AuditFilter.Action"/>
    public string? Action { get; init; }

    public string? ResourceType { get; init; }

    public string? ResourceRef { get; init; }

    /// <summary>A text that the details hold.</summary>
    public string? Containing { get; init; }

    public bool IsFiltered => this != Everything;

    /// <summary>Reads a query; what cannot be read does not matter.</summary>
    /// <param name="value">A parameter's value, by its name.</param>
    public static AuditView Parse(Func<string, string?> value) => new()
    {
        Person = Guid.TryParse(value("person"), out var person) ? person : null,
        Actor = Text(value("actor")),
        Category = AuditLeaf.ValueOf<AuditCategory>(value("category") ?? ""),
        AtLeast = AuditLeaf.ValueOf<AuditSeverity>(value("severity") ?? "") is { } severity and not AuditSeverity.Info ? severity : null,
        Outcome = AuditLeaf.ValueOf<AuditOutcome>(value("result") ?? ""),
        Action = Text(value("action")),
        ResourceType = Text(value("type")),
        ResourceRef = Text(value("ref")),
        Containing = Text(value("text")),
    };

    public IEnumerable<(string Name, string? Value)> Query() =>
    [
        ("person", Person?.ToString("n")),
        ("actor", Actor),
        ("category", Category is { } category ? AuditLeaf.NameOf(category) : null),
        ("severity", AtLeast is { } severity ? AuditLeaf.NameOf(severity) : null),
        ("result", Outcome is { } outcome ? AuditLeaf.NameOf(outcome) : null),
        ("action", Action),
        ("type", ResourceType),
        ("ref", ResourceRef),
        ("text", Containing),
    ];

    /// <summary>What the filters say; the text is searched for in what they leave.</summary>
    public AuditFilter ToFilter(TimeRange period) => new()
    {
        From = period.From,
        To = period.To,
        PersonId = Person,
        ActorRef = Actor,
        Category = Category,
        AtLeast = AtLeast,
        Outcome = Outcome,
        Action = Action,
        ResourceType = ResourceType,
        ResourceRef = ResourceRef,
    };

    /// <summary>What somebody typed or a URL said; none if that is nothing.</summary>
    public static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim() is { Length: <= MaxText } trimmed ? trimmed : text.Trim()[..MaxText];
}
