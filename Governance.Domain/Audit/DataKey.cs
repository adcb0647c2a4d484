using System.Buffers.Text;
using System.Security.Cryptography;

namespace Governance.Domain.Audit;

/// <summary>
/// The key under which everything lies that the audit log says about one person: docs/audit-log.md, "Parts, keys and erasure". Without it
/// the parts cannot be opened and the person's token means nobody.
/// </summary>
public sealed class DataKey
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int Length = 32;

    private const int TagLength = 16;
    private readonly byte[] _key;

    /// <param name="id">Random; leaves name the key by it.</param>
    /// <param name="key">32 random bytes.</param>
    public DataKey(Guid id, byte[] key)
    {
        if (key.Length != Length) throw new ArgumentException($"A data key has {Length} bytes.", nameof(key));
        (Id, _key) = (id, key);
    }

    public Guid Id { get; }

    /// <summary>What stands for a person in leaves.</summary>
    public string TokenOf(Guid organizationId, Guid personId) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, (byte[])[.. "actor"u8, .. Bytes(organizationId), .. Bytes(personId)]));

    /// <summary>Encrypts a part of an event's payload.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="number">Which of its parts, from 0.</param>
    /// <param name="payload">Canonical JSON.</param>
    /// <returns>The commitment, and tag ‖ ciphertext. The key encrypts nothing else, so the nonce is all zeros.</returns>
    public SealedPart Seal(Guid eventId, int number, ReadOnlySpan<byte> payload)
    {
        var keys = KeysOf(eventId, number);
        var sealedPayload = new byte[TagLength + payload.Length];
        using var aes = new AesGcm(keys.AsSpan(0, Length), TagLength);
        aes.Encrypt(stackalloc byte[12], payload, sealedPayload.AsSpan(TagLength), sealedPayload.AsSpan(0, TagLength));
        return new SealedPart(new PartCommitment(Id, HMACSHA256.HashData(keys.AsSpan(Length), payload)), sealedPayload);
    }

    /// <summary>Decrypts a part, and checks it against what the leaf commits to.</summary>
    /// <returns>The canonical JSON and the key of the commitment; none if the part is not the one that was sealed.</returns>
    public OpenedPart? Open(Guid eventId, int number, PartCommitment commitment, ReadOnlySpan<byte> sealedPayload)
    {
        if (sealedPayload.Length < TagLength || commitment.KeyId != Id) return null;
        var keys = KeysOf(eventId, number);
        var payload = new byte[sealedPayload.Length - TagLength];
        using var aes = new AesGcm(keys.AsSpan(0, Length), TagLength);
        try
        {
            aes.Decrypt(stackalloc byte[12], sealedPayload[TagLength..], sealedPayload[..TagLength], payload);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(keys.AsSpan(Length), payload), commitment.Commitment.Span)
            ? new OpenedPart(payload, keys[Length..])
            : null;
    }

    /// <summary>An id's bytes in the order in which it is written.</summary>
    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private byte[] KeysOf(Guid eventId, int number) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _key, 2 * Length, salt: null, info: [.. "governance.audit.part/1"u8, .. Bytes(eventId), checked((byte)number)]);
}

/// <summary>A part as it is kept.</summary>
/// <param name="Commitment">What the leaf says of it.</param>
/// <param name="Ciphertext">Tag ‖ ciphertext.</param>
public sealed record SealedPart(PartCommitment Commitment, byte[] Ciphertext);

/// <summary>A part that was opened.</summary>
/// <param name="Payload">Canonical JSON.</param>
/// <param name="CommitmentKey">With it and the payload, anybody can check the commitment; it opens nothing.</param>
public sealed record OpenedPart(byte[] Payload, byte[] CommitmentKey);
