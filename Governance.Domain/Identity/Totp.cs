using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Governance.Domain.Identity;

/// <summary>
/// Codes that change with time, as authenticator apps show them: RFC 6238 over HMAC-SHA-1, the one variant that every app knows.
/// SHA-1's collisions are no weakness here (RFC 4226, appendix B).
/// </summary>
public static class Totp
{
    /// <summary>The length of a secret in bytes: 160 bits, as RFC 4226 recommends (section 4, R6).</summary>
    public const int SecretLength = 20;

    public const int Digits = 6;

    /// <summary>How many seconds a code holds.</summary>
    public const int Period = 30;

    /// <summary>Clocks may differ by one step in either direction (RFC 6238, section 5.2).</summary>
    private const int Drift = 1;

    /// <summary>Which step a moment lies in, counted from 1970.</summary>
    public static long StepAt(DateTimeOffset at) => Math.DivRem(at.ToUnixTimeSeconds(), Period).Quotient;

    /// <summary>The code of a step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 is what RFC 6238's default and every authenticator app use; HMAC does not rest on collision resistance.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350

        // RFC 4226, section 5.3: the last nibble says where to read 31 bits.
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0x0f)..]) & 0x7fffffff;
        return (number % (uint)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>
    /// The step a code belongs to, if it is one that holds about now. Every candidate is compared in full, so that the time it takes says
    /// nothing. The caller must see to it that a step is accepted once only (RFC 6238, section 5.2).
    /// </summary>
    /// <param name="secret">The secret shared with the person's authenticator.</param>
    /// <param name="code">What was typed; spaces do not matter.</param>
    /// <param name="at">Now.</param>
    /// <param name="digits">How many digits a code has.</param>
    public static long? FindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset at, int digits = Digits)
    {
        var typed = string.Concat(code.Where(character => !char.IsWhiteSpace(character)));
        long? found = null;
        for (var step = StepAt(at) - Drift; step <= StepAt(at) + Drift; step++)
        {
            if (AreEqual(CodeOf(secret, step, digits), typed)) found = step;
        }

        return found;
    }

    /// <summary>The address behind the QR code, which authenticator apps open.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="issuer">Whose account it is for, as the app lists it.</param>
    /// <param name="account">Which account there: a mail address.</param>
    public static string Uri(ReadOnlySpan<byte> secret, string issuer, string account) =>
        $"otpauth://totp/{System.Uri.EscapeDataString(issuer)}:{System.Uri.EscapeDataString(account)}" +
        $"?secret={Base32.Encode(secret)}&issuer={System.Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={Period}";

    private static bool AreEqual(string expected, string typed) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(expected.AsSpan()), MemoryMarshal.AsBytes(typed.AsSpan()));
}
