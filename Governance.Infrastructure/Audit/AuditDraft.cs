using Governance.Domain.Audit;
using Governance.Domain.Identity;

namespace Governance.Infrastructure.Audit;

/// <summary>An event as it was recorded, before it is sealed and written with the change.</summary>
internal sealed record AuditDraft(Guid Id, Guid OrganizationId, string Action, string ResourceType, string? ResourceId, AuditOutcome Outcome)
{
    public required Actor Actor { get; init; }

    /// <summary>Who acted, where it is none of the kinds an <see cref="Actor"/> can be.</summary>
    public (AuditActorKind Kind, string? Ref)? ActedAs { get; init; }

    public AuditCategory? Category { get; init; }

    public AuditSeverity? Severity { get; init; }

    public string? Reason { get; init; }

    public string? Request { get; init; }

    public string? Source { get; init; }

    /// <summary>What is said about nobody: it lies under the organisation's key.</summary>
    public object? Details { get; init; }

    /// <summary>The same where it is canonical already, on the path of proxied calls.</summary>
    public Dictionary<string, object?>? CanonicalDetails { get; init; }

    /// <summary>What is said about people, each under their own key.</summary>
    public IReadOnlyList<AboutPerson> About { get; init; } = [];
}

/// <summary>What an event says about a person.</summary>
/// <param name="PersonId">Whom.</param>
/// <param name="Details">What, to be written as JSON.</param>
public sealed record AboutPerson(Guid PersonId, object Details);
