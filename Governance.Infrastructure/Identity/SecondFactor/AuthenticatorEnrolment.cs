namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>What somebody needs to add an account to their authenticator app, shown while it is being set up.</summary>
/// <param name="ManualKey">The secret in Base32, in groups of four, to type in where no camera is at hand.</param>
/// <param name="Uri">The <c>otpauth://</c> address, which opens the app on the same device.</param>
/// <param name="QrCode">The same address, to scan.</param>
/// <param name="Until">Until when it can be confirmed.</param>
public sealed record AuthenticatorEnrolment(string ManualKey, string Uri, QrCode QrCode, DateTimeOffset Until);

/// <summary>A person's second factors.</summary>
/// <param name="HasAuthenticator">Whether an authenticator app is in use.</param>
/// <param name="AuthenticatorSince">Since when.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes have not been used.</param>
/// <param name="RecoveryCodesAt">When they were made.</param>
/// <param name="Passkeys">How many passkeys there are.</param>
public sealed record SecondFactorStatus(
    bool HasAuthenticator, DateTimeOffset? AuthenticatorSince, int RecoveryCodesLeft, DateTimeOffset? RecoveryCodesAt, int Passkeys)
{
    public bool HasAny => HasAuthenticator || Passkeys > 0;
}
