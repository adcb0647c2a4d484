using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Identity.Tokens;

/// <summary>
/// A JWS in compact serialisation (RFC 7515, 7.1) with an ES256 signature. This layer knows octets and the one signature scheme;
/// it reads no header, so nothing in a header can choose how or against what it is verified. <see cref="AccessToken"/> adds the rules.
/// </summary>
public sealed class CompactJws
{
    /// <summary>The longest text that is looked at.</summary>
    public const int MaxLength = 4096;

    /// <summary>r and s, 32 octets each (RFC 7518, 3.4).</summary>
    private const int SignatureLength = 64;

    private readonly byte[] _signingInput;
    private readonly byte[] _signature;

    private CompactJws(byte[] header, byte[] payload, byte[] signature, byte[] signingInput) =>
        (Header, Payload, _signature, _signingInput) = (header, payload, signature, signingInput);

    public ReadOnlyMemory<byte> Header { get; }

    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Signs the octets and puts the three parts together.</summary>
    /// <exception cref="ArgumentException">The key is not on P-256.</exception>
    public static string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ECDsa key)
    {
        _ = Es256PublicKey.Of(key);
        var signingInput = $"{StrictBase64Url.Encode(header)}.{StrictBase64Url.Encode(payload)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(signingInput), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signingInput}.{StrictBase64Url.Encode(signature)}";
    }

    /// <summary>Takes the text apart: exactly three parts, none empty, each in its only spelling. Nothing is verified yet.</summary>
    /// <returns>None if it is not of that form.</returns>
    public static CompactJws? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength) return null;

        var firstDot = text.IndexOf('.');
        var lastDot = text.LastIndexOf('.');
        if (firstDot <= 0 || lastDot - firstDot <= 1) return null;

        // A further dot lies in the middle part, and is no character of base64url.
        if (StrictBase64Url.Decode(text[..firstDot]) is not { } header
            || StrictBase64Url.Decode(text[(firstDot + 1)..lastDot]) is not { } payload
            || StrictBase64Url.Decode(text[(lastDot + 1)..]) is not { Length: SignatureLength } signature) return null;

        var signingInput = new byte[lastDot];
        Encoding.ASCII.GetBytes(text[..lastDot], signingInput);
        return new CompactJws(header, payload, signature, signingInput);
    }

    public bool IsSignedBy(Es256PublicKey key) => key.Verifies(_signingInput, _signature);
}
