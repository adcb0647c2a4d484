namespace Governance.Infrastructure.Identity.People;

/// <summary>A person with all that their page shows.</summary>
/// <param name="Person">The person.</param>
/// <param name="DisabledByName">Who disabled them, if somebody did.</param>
/// <param name="Memberships">The teams they belong or belonged to, current ones first.</param>
/// <param name="Roles">The roles they hold now.</param>
/// <param name="LastSeenAt">When a session of theirs was last in use; none for who may not see sessions.</param>
/// <param name="OpenSessions">How many sessions are open.</param>
/// <param name="KeysOwned">How many keys in use belong to them.</param>
/// <param name="HasSecondFactor">Whether they have set up an authenticator app or a passkey.</param>
/// <param name="Erased">Whether they were erased for good.</param>
public sealed record PersonDetail(
    Person Person,
    string? DisabledByName,
    IReadOnlyList<MembershipOfPerson> Memberships,
    IReadOnlyList<RoleHeld> Roles,
    DateTimeOffset? LastSeenAt,
    int OpenSessions,
    int KeysOwned,
    bool HasSecondFactor,
    ErasedPerson? Erased);

/// <summary>That a person was erased.</summary>
/// <param name="At">When.</param>
/// <param name="KeyId">The data key that was destroyed, by which the audit log has the erasure.</param>
public sealed record ErasedPerson(DateTimeOffset At, Guid KeyId);

/// <summary>That a person belongs, or belonged, to a team.</summary>
public sealed record MembershipOfPerson(Guid Id, Guid TeamId, string TeamName, bool IsLead, DateOnly From, DateOnly? To, bool IsCurrent);
