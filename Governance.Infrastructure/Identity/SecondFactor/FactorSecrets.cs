using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Identity;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>
/// How secrets of second factors are made and kept. Each is bound to its person: what lies in one person's row is of no use in another's.
/// </summary>
public sealed class FactorSecrets(MasterKey masterKey)
{
    public const int RecoveryCodeCount = 10;

    /// <summary>120 bits, which Base32 writes without a remainder: 24 characters.</summary>
    private const int RecoveryCodeBytes = 15;

    public static byte[] NewAuthenticatorSecret() => RandomNumberGenerator.GetBytes(Totp.SecretLength);

    public byte[] Wrap(Guid personId, byte[] secret) => masterKey.Wrap(AuthenticatorPurpose(personId), secret);

    public byte[] Unwrap(Guid personId, byte[] wrapped) => masterKey.Unwrap(AuthenticatorPurpose(personId), wrapped);

    /// <summary>A new set, as the person sees it, once.</summary>
    public static IReadOnlyList<string> NewRecoveryCodes() =>
        [.. Enumerable.Range(0, RecoveryCodeCount).Select(_ => Base32.Group(Base32.Encode(RandomNumberGenerator.GetBytes(RecoveryCodeBytes)), '-'))];

    /// <summary>What is kept of a recovery code; however it was typed, with or without hyphens and capitals.</summary>
    public byte[] HashRecoveryCode(Guid personId, string code) =>
        masterKey.Mac($"governance.recovery-code:{personId:n}", Encoding.ASCII.GetBytes(Base32.Ungroup(code)));

    private static string AuthenticatorPurpose(Guid personId) => $"governance.authenticator:{personId:n}";
}
