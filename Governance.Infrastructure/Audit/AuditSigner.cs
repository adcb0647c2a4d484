using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Secrets;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Signs checkpoints with Ed25519. The key is a file that only its owner may read, never in the database: whoever can write the database
/// cannot sign. After a rotation (<c>governance audit rotate-key</c>) the old key signs once more, beside the new one.
/// </summary>
public sealed class AuditSigner
{
    /// <summary>The event by which a log says that from here on another key signs it.</summary>
    public const string Rotated = "audit.key_rotated";

    private const string Current = "audit.key";
    private const string Previous = "audit-previous.key";
    private const int SignatureLength = 64;

    private readonly DataDirectoryOptions _data;
    private readonly Lazy<IReadOnlyList<KeyPair>> _keys;

    public AuditSigner(IOptions<DataDirectoryOptions> data)
    {
        _data = data.Value;
        _keys = new(Load);
    }

    /// <summary>The public half of the key that signs now, 32 bytes.</summary>
    public byte[] PublicKey => _keys.Value[0].Public;

    /// <summary>Signs a checkpoint.</summary>
    /// <param name="checkpoint">What is signed.</param>
    /// <param name="withPrevious">Whether the key before signs, too.</param>
    public SignedNote Sign(Checkpoint checkpoint, bool withPrevious)
    {
        var text = checkpoint.ToText();
        var message = Encoding.UTF8.GetBytes(text);
        return new SignedNote(text, [.. _keys.Value.Take(withPrevious ? 2 : 1).Select(key => SignatureOf(key, checkpoint.Origin, message))]);
    }

    /// <summary>Whether a checkpoint is signed with the key of now.</summary>
    public bool HasSigned(AuditCheckpoint checkpoint) =>
        SignedNote.Parse(checkpoint.Note) is { } note && Verify(note, new VerifierKey(AuditLeaf.OriginOf(checkpoint.OrganizationId), PublicKey));

    /// <summary>Whether one of the signatures of a note is by a key, and good.</summary>
    public static bool Verify(SignedNote note, VerifierKey key)
    {
        Sodium.Start();
        var message = Encoding.UTF8.GetBytes(note.Text);
        return note.Signatures.Any(signature => signature.KeyName == key.Name && signature.KeyHash == key.KeyHash && signature.Bytes.Length == SignatureLength
            && Sodium.VerifySignature(signature.Bytes, message, (ulong)message.Length, key.PublicKey) == 0);
    }

    /// <summary>Makes a new key for the next start; the one of now becomes the previous one.</summary>
    /// <returns>The public half of the new key, 32 bytes.</returns>
    internal byte[] Rotate()
    {
        File.Move(_data.PathOf("keys", Current), _data.PathOf("keys", Previous), overwrite: true);
        return PairOf(SecretFile.Create(_data.PathOf("keys", Current), DataKey.Length)).Public;
    }

    private List<KeyPair> Load()
    {
        var keys = new List<KeyPair> { PairOf(SecretFile.ReadOrCreate(_data.PathOf("keys", Current), DataKey.Length)) };
        var previous = _data.PathOf("keys", Previous);
        if (File.Exists(previous)) keys.Add(PairOf(SecretFile.ReadOrCreate(previous, DataKey.Length)));
        return keys;
    }

    private static NoteSignature SignatureOf(KeyPair key, string name, byte[] message)
    {
        var signature = new byte[SignatureLength];
        if (Sodium.Sign(signature, IntPtr.Zero, message, (ulong)message.Length, key.Secret) != 0) throw new CryptographicException("libsodium could not sign.");
        return new NoteSignature(name, new VerifierKey(name, key.Public).KeyHash, signature);
    }

    private static KeyPair PairOf(byte[] seed)
    {
        Sodium.Start();
        var (publicKey, secretKey) = (new byte[32], new byte[64]);
        if (Sodium.KeyPair(publicKey, secretKey, seed) != 0) throw new CryptographicException("libsodium could not make a key pair.");
        CryptographicOperations.ZeroMemory(seed);
        return new KeyPair(publicKey, secretKey);
    }

    private sealed record KeyPair(byte[] Public, byte[] Secret);
}
