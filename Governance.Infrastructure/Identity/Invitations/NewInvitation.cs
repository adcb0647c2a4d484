using Governance.Domain.Identity;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>Whom to invite, and with what.</summary>
/// <param name="DisplayName">As they are called on every page; they may change it when they accept.</param>
/// <param name="Email">Where the invitation goes, and with which they will sign in.</param>
/// <param name="Role">The name of the role they will hold; none for somebody who registers.</param>
/// <param name="Scope">What the role is for.</param>
/// <param name="TeamId">The team they will belong to, if any.</param>
public sealed record NewInvitation(string DisplayName, string Email, string? Role, AccessScope Scope = default, Guid? TeamId = null);
