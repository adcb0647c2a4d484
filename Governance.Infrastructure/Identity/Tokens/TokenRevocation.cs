namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Why a family of refresh tokens was ended before its time.</summary>
public enum TokenRevocation
{
    /// <summary>A refresh token was used twice, so one of the two users is a thief.</summary>
    Reuse,

    /// <summary>The person, or an administrator, ended it.</summary>
    Ended,

    /// <summary>The person changed the password or a second factor.</summary>
    CredentialsChanged,

    /// <summary>The person was disabled.</summary>
    PersonDisabled,
}
