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

    internal IQueryable<AuditEvent> Apply(IQueryable<AuditEvent> events)
    {
        if (From is { } from) events = events.Where(entry => entry.At >= from);
        if (To is { } to) events = events.Where(entry => entry.At < to);
        if (ActorRef is { } actor) events = events.Where(entry => entry.ActorRef == actor);
        if (Category is { } category) events = events.Where(entry => entry.Category == category);
        if (Outcome is { } outcome) events = events.Where(entry => entry.Outcome == outcome);
        if (Action is { } action) events = action.Contains('.', StringComparison.Ordinal) ? events.Where(entry => entry.Action == action) : OfNoun(events, action + ".");
        if (ResourceType is { } type) events = events.Where(entry => entry.ResourceType == type);
        if (ResourceRef is { } resource) events = events.Where(entry => entry.ResourceRef == resource);
        return events;
    }

    /// <summary>The severities that pass; none if all do. Each is a query of its own, because together they could not use an index in order.</summary>
    internal IReadOnlyList<AuditSeverity>? Severities =>
        AtLeast is { } least && least > AuditSeverity.Info ? [.. Enum.GetValues<AuditSeverity>().Where(severity => severity >= least)] : null;

    private static IQueryable<AuditEvent> OfNoun(IQueryable<AuditEvent> events, string prefix) => events.Where(entry => entry.Action.StartsWith(prefix));
}
