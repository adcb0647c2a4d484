using System.Buffers.Text;
using System.Security.Cryptography;

namespace Governance.Domain.Audit;

/// <summary>
/// The key under which everything lies that the audit log says about one person: docs/audit-log.md, "Parts, keys and erasure"; of an end
/// user, what was captured of their calls: docs/adr/0014-captured-content.md. Without it nothing of that can be opened, and a person's token
/// means nobody.
/// </summary>
public sealed class DataKey
{
    /// <summary>The length of a key, in bytes.</summary>
    public const int Length = 32;

    private const int TagLength = 16;
    private readonly byte[] _key;
    private readonly byte[] _derivation;

    /// <param name="id">Random; leaves name the key by it.</param>
    /// <param name="key">32 random bytes.</param>
    public DataKey(Guid id, byte[] key)
    {
        if (key.Length != Length) throw new ArgumentException($"A data key has {Length} bytes.", nameof(key));
        (Id, _key, _derivation) = (id, key, HKDF.Extract(HashAlgorithmName.SHA256, key));
    }

    public Guid Id { get; }

    /// <summary>What stands for a person in leaves.</summary>
    public string TokenOf(Guid organizationId, Guid personId) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, (byte[])[.. "actor"u8, .. Bytes(organizationId), .. Bytes(personId)]));

    /// <summary>Encrypts one side of a call's content.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="rowId">The row it is kept in; random, so that nothing is ever encrypted twice under one derived key.</param>
    /// <param name="side">Whose words.</param>
    /// <param name="content">In clear.</param>
    public SealedPart SealContent(Guid callId, Guid rowId, byte side, ReadOnlySpan<byte> content) => Seal(ContentKeysOf(callId, rowId, side), content);

    /// <summary>Decrypts what <see cref="SealContent"/> made; none if it is not the same.</summary>
    public byte[]? OpenContent(Guid callId, Guid rowId, byte side, PartCommitment commitment, ReadOnlySpan<byte> sealedContent) =>
        Open(ContentKeysOf(callId, rowId, side), commitment, sealedContent)?.Payload;

    /// <summary>Encrypts a part of an event's payload.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="number">Which of its parts, from 0.</param>
    /// <param name="payload">Canonical JSON.</param>
    /// <returns>The commitment, and tag ‖ ciphertext. The key encrypts nothing else, so the nonce is all zeros.</returns>
    public SealedPart Seal(Guid eventId, int number, ReadOnlySpan<byte> payload) => Seal(KeysOf(eventId, number), payload);

    /// <summary>Decrypts a part, and checks it against what the leaf commits to.</summary>
    /// <returns>The canonical JSON and the key of the commitment; none if the part is not the one that was sealed.</returns>
    public OpenedPart? Open(Guid eventId, int number, PartCommitment commitment, ReadOnlySpan<byte> sealedPayload) =>
        Open(KeysOf(eventId, number), commitment, sealedPayload);

    /// <summary>An id's bytes in the order in which it is written.</summary>
    public static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private SealedPart Seal(byte[] keys, ReadOnlySpan<byte> payload)
    {
        var sealedPayload = new byte[TagLength + payload.Length];
        using var aes = new AesGcm(keys.AsSpan(0, Length), TagLength);
        aes.Encrypt(stackalloc byte[12], payload, sealedPayload.AsSpan(TagLength), sealedPayload.AsSpan(0, TagLength));
        return new SealedPart(new PartCommitment(Id, HMACSHA256.HashData(keys.AsSpan(Length), payload)), sealedPayload);
    }

    private OpenedPart? Open(byte[] keys, PartCommitment commitment, ReadOnlySpan<byte> sealedPayload)
    {
        if (sealedPayload.Length < TagLength || commitment.KeyId != Id) return null;
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

    private byte[] KeysOf(Guid eventId, int number) => HKDF.Expand(
        HashAlgorithmName.SHA256, _derivation, 2 * Length, info: [.. "governance.audit.part/1"u8, .. Bytes(eventId), checked((byte)number)]);

    private byte[] ContentKeysOf(Guid callId, Guid rowId, byte side) => HKDF.Expand(
        HashAlgorithmName.SHA256, _derivation, 2 * Length, info: [.. "governance.content/1"u8, .. Bytes(callId), .. Bytes(rowId), side]);
}

/// <summary>A part as it is kept.</summary>
/// <param name="Commitment">What the leaf says of it.</param>
/// <param name="Ciphertext">Tag ‖ ciphertext.</param>
public sealed record SealedPart(PartCommitment Commitment, byte[] Ciphertext);

/// <summary>A part that was opened.</summary>
/// <param name="Payload">Canonical JSON.</param>
/// <param name="CommitmentKey">With it and the payload, anybody can check the commitment; it opens nothing.</param>
public sealed record OpenedPart(byte[] Payload, byte[] CommitmentKey);
