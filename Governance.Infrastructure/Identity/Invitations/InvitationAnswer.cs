namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>What somebody chooses who accepts an invitation.</summary>
/// <param name="DisplayName">As they want to be called.</param>
/// <param name="Password">With which they will sign in.</param>
/// <param name="IpAddress">Where they are, for the audit trail.</param>
/// <param name="UserAgent">With what, for the audit trail.</param>
public sealed record InvitationAnswer(string DisplayName, string Password, string? IpAddress = null, string? UserAgent = null)
{
    /// <summary>Tells no password.</summary>
    public override string ToString() => nameof(InvitationAnswer);
}
