using System.Security.Cryptography;
using System.Text;

namespace Governance.Infrastructure.Secrets;

/// <summary>
/// The one key that wraps all others. Each use derives its own key from it (HKDF-SHA256 over the purpose), so that no two uses
/// share key material.
/// </summary>
public sealed class MasterKey
{
    public const int Length = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _derivation;

    public MasterKey(byte[] key)
    {
        if (key.Length != Length) throw new ArgumentException($"A master key has {Length} bytes.", nameof(key));
        _derivation = HKDF.Extract(HashAlgorithmName.SHA256, key);
    }

    /// <summary>Encrypts with AES-256-GCM; the purpose is bound to the result.</summary>
    /// <returns>nonce ‖ tag ‖ ciphertext.</returns>
    public byte[] Wrap(string purpose, ReadOnlySpan<byte> plaintext)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var tag = new byte[TagLength];
        var ciphertext = new byte[plaintext.Length];
        using var aes = new AesGcm(Derive(purpose), TagLength);
        aes.Encrypt(nonce, plaintext, ciphertext, tag, Encoding.UTF8.GetBytes(purpose));
        return [.. nonce, .. tag, .. ciphertext];
    }

    /// <exception cref="CryptographicException">The data was changed, or wrapped under another key or purpose.</exception>
    public byte[] Unwrap(string purpose, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < NonceLength + TagLength) throw new CryptographicException("The wrapped data is too short.");
        var plaintext = new byte[wrapped.Length - NonceLength - TagLength];
        using var aes = new AesGcm(Derive(purpose), TagLength);
        aes.Decrypt(
            wrapped[..NonceLength],
            wrapped[(NonceLength + TagLength)..],
            wrapped.Slice(NonceLength, TagLength),
            plaintext,
            Encoding.UTF8.GetBytes(purpose));
        return plaintext;
    }

    /// <summary>A keyed hash (HMAC-SHA256), for looking up what must not be stored in clear.</summary>
    public byte[] Mac(string purpose, ReadOnlySpan<byte> data) => HMACSHA256.HashData(Derive(purpose), data);

    private byte[] Derive(string purpose) =>
        HKDF.Expand(HashAlgorithmName.SHA256, _derivation, Length, info: Encoding.UTF8.GetBytes(purpose));
}
