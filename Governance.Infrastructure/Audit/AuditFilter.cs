using Governance.Domain.Audit;

namespace Governance.Infrastructure.Audit;

/// <summary>Which events to show. What is not given does not matter.</summary>
public sealed record AuditFilter
{
    /// <summary>From this moment on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What a person did, what was done to them and what is said about them.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>What somebody or something else did: a public id.</summary>
    public string? ActorRef { get; init; }

    public AuditCategory? Category { get; init; }

    /// <summary>This severity and those above.</summary>
    public AuditSeverity? AtLeast { get; init; }

    public AuditOutcome? Outcome { get; init; }

    /// <summary><c>noun.verb</c>, or a noun alone for all that was done to such things.</summary>
    public string? Action { get; init; }

    public string? ResourceType { get; init; }

    /// <summary>With <see cref="ResourceType"/>: which one, as a public id.</summary>
    public string? ResourceRef { get; init; }

    /// <summary>Whether it asks for some kinds of events and not for others.</summary>
    internal bool IsByKind => Category is not null || AtLeast > AuditSeverity.Info || Outcome is not null || Action is not null || ResourceType is not null;

    /// <summary>Whether events of a kind pass, as far as the kind decides.</summary>
    internal bool Passes(AuditKind kind) =>
        (Category is null || Category == kind.Category)
        && (AtLeast is null || kind.Severity >= AtLeast)
        && (Outcome is null || Outcome == kind.Outcome)
        && (Action is null || Action == kind.Action || kind.Action.StartsWith(Action + ".", StringComparison.Ordinal))
        && (ResourceType is null || ResourceType == kind.ResourceType);

    internal IQueryable<AuditEvent> Apply(IQueryable<AuditEvent> events)
    {
        if (From is { } from) events = events.Where(entry => entry.At >= from);
        if (To is { } to) events = events.Where(entry => entry.At < to);
        if (ActorRef is { } actor) events = events.Where(entry => entry.ActorRef == actor);
        if (Category is { } category) events = events.Where(entry => entry.Category == category);
        if (Outcome is { } outcome) events = events.Where(entry => entry.Outcome == outcome);
        if (ResourceType is { } type) events = events.Where(entry => entry.ResourceType == type);
        if (ResourceRef is { } resource) events = events.Where(entry => entry.ResourceRef == resource);
        if (AtLeast is { } least && least > AuditSeverity.Info)
        {
            var severities = Enum.GetValues<AuditSeverity>().Where(severity => severity >= least).ToArray();
            events = events.Where(entry => severities.Contains(entry.Severity));
        }

        return Action is not { } action ? events
            : action.Contains('.', StringComparison.Ordinal) ? events.Where(entry => entry.Action == action)
            : OfNoun(events, action + ".");
    }

    private static IQueryable<AuditEvent> OfNoun(IQueryable<AuditEvent> events, string prefix) => events.Where(entry => entry.Action.StartsWith(prefix));
}
