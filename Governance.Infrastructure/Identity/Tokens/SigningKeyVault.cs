using System.Security.Cryptography;
using Governance.Domain.Identity.Tokens;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Makes signing keys, and opens their private halves: each is wrapped for its own <c>kid</c>, so that none can stand in for another.</summary>
public sealed class SigningKeyVault(MasterKey masterKey, TimeProvider time)
{
    internal SigningKey Create(int generation, DateTimeOffset activatesAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = Es256PublicKey.Of(key);
        var privateKey = key.ExportPkcs8PrivateKey();
        var wrapped = masterKey.Wrap(Purpose(publicKey.Thumbprint), privateKey);
        CryptographicOperations.ZeroMemory(privateKey);
        return new SigningKey
        {
            Generation = generation,
            Kid = publicKey.Thumbprint,
            X = publicKey.X,
            Y = publicKey.Y,
            WrappedPrivateKey = wrapped,
            CreatedAt = time.GetUtcNow(),
            ActivatesAt = activatesAt,
        };
    }

    /// <summary>The private key; the caller disposes of it.</summary>
    /// <exception cref="CryptographicException">The row was changed.</exception>
    internal ECDsa Open(SigningKey row)
    {
        var privateKey = masterKey.Unwrap(Purpose(row.Kid), row.WrappedPrivateKey);
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        CryptographicOperations.ZeroMemory(privateKey);
        return key;
    }

    private static string Purpose(string kid) => $"governance.signing-key:{kid}";
}
