using Governance.Domain.Identity;

namespace Governance.Infrastructure.Identity.People;

/// <summary>A person, or somebody who is invited, as lists show them.</summary>
/// <param name="Id">The person's id, or the invitation's.</param>
/// <param name="Name">As they are called.</param>
/// <param name="Email">With which they sign in.</param>
/// <param name="State">Whether they can.</param>
/// <param name="AddedAt">When the person was created or invited.</param>
/// <param name="ExpiresAt">For the invited: until when the link works.</param>
/// <param name="LastSeenAt">When a session of theirs was last in use; none for who may not see sessions.</param>
/// <param name="Roles">What they hold, or will.</param>
/// <param name="Teams">The teams they belong to today, or will.</param>
public sealed record PersonRow(
    Guid Id,
    string Name,
    string Email,
    PersonState State,
    DateTimeOffset AddedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastSeenAt,
    IReadOnlyList<RoleHeld> Roles,
    IReadOnlyList<TeamName> Teams);

/// <summary>A team a person belongs to.</summary>
public sealed record TeamName(Guid Id, string Name, bool IsLead);

/// <summary>A role a person holds.</summary>
/// <param name="Role">Its name.</param>
/// <param name="DisplayName">As pages call it.</param>
/// <param name="Scope">What it is for.</param>
/// <param name="ScopeName">The team's or application's name; none for the whole organisation.</param>
/// <param name="GrantedAt">Since when.</param>
/// <param name="ExpiresAt">Until when, if it has an end.</param>
/// <param name="Reason">Why, as it was said then.</param>
public sealed record RoleHeld(
    string Role, string DisplayName, AccessScope Scope, string? ScopeName, DateTimeOffset GrantedAt, DateTimeOffset? ExpiresAt, string? Reason);

/// <summary>One page of people, of so many in all.</summary>
public sealed record PeopleList(IReadOnlyList<PersonRow> Rows, int Total, int Number, int Size)
{
    public int Pages => Math.Max(1, (Total + Size - 1) / Size);
}
