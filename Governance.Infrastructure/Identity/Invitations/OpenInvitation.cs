namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>What whoever holds the link of an invitation may know of it.</summary>
public sealed record OpenInvitation(Guid Id, string Organization, string DisplayName, string Email, DateTimeOffset ExpiresAt);
