using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Identity.Tokens;

/// <summary>The public half of an ES256 key: a point on P-256, its coordinates as a JWK spells them (RFC 7518, 6.2.1).</summary>
/// <param name="X">The x coordinate: 32 octets in base64url.</param>
/// <param name="Y">The y coordinate, likewise.</param>
public sealed record Es256PublicKey(string X, string Y)
{
    private const int FieldBits = 256;

    /// <summary>The key's SHA-256 thumbprint (RFC 7638), which serves as its <c>kid</c>.</summary>
    public string Thumbprint =>
        StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    /// <exception cref="ArgumentException">The key is not on P-256.</exception>
    public static Es256PublicKey Of(ECDsa key)
    {
        if (key.KeySize != FieldBits) throw new ArgumentException("ES256 takes a key on P-256.", nameof(key));
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new Es256PublicKey(StrictBase64Url.Encode(point.X), StrictBase64Url.Encode(point.Y));
    }

    /// <summary>Whether the holder of the private half signed the data (r ‖ s, 32 octets each: RFC 7518, 3.4).</summary>
    /// <exception cref="CryptographicException">The coordinates are not a point on P-256.</exception>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        // One instance a call: they are not promised to be safe for several threads.
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = StrictBase64Url.Decode(X), Y = StrictBase64Url.Decode(Y) },
        });
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
