using Governance.Domain.Audit;

namespace Governance.Infrastructure.Audit;

/// <summary>An event as lists show it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Index">Its place in the tree; none for the moment until it has one.</param>
/// <param name="Actor">Whom the actor's token means now; none if it is no person, or one that was erased.</param>
/// <param name="Resource">Whom the resource's token means now, likewise.</param>
public sealed record AuditRow(AuditEvent Event, long? Index, AuditPerson? Actor, AuditPerson? Resource);

/// <summary>A person that a token stands for.</summary>
public sealed record AuditPerson(Guid Id, string Name);

/// <summary>An event in full.</summary>
/// <param name="Row">As in the list.</param>
/// <param name="Leaf">Its leaf, which the tree holds.</param>
/// <param name="Parts">What is said about whom; none if the reader may not see it.</param>
public sealed record AuditDetail(AuditRow Row, AuditLeaf Leaf, IReadOnlyList<AuditPartRow>? Parts);

/// <summary>A part of an event's payload.</summary>
/// <param name="KeyId">Under which key it lies.</param>
/// <param name="Owner">Whose key that is.</param>
/// <param name="Person">About whom, if it is a person who was not erased.</param>
/// <param name="Json">What it says, as canonical JSON; none if it was erased or does not open.</param>
/// <param name="CommitmentKey">With it anybody can check the commitment; none where there is no <paramref name="Json"/>.</param>
/// <param name="ErasedAt">When its key was destroyed; a part that neither opens nor was erased has been tampered with.</param>
public sealed record AuditPartRow(Guid KeyId, DataKeyOwner Owner, AuditPerson? Person, string? Json, byte[]? CommitmentKey, DateTimeOffset? ErasedAt)
{
    public bool IsBroken => Json is null && ErasedAt is null;
}
