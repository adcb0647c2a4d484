using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Audit;

/// <summary>A text with signatures below it: C2SP signed-note (https://c2sp.org/signed-note).</summary>
/// <param name="Text">What is signed; it ends with a newline.</param>
/// <param name="Signatures">By whom.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    private const int MaxLength = 1_000_000;
    private const int MaxSignatures = 100;

    public override string ToString() => Text + "\n" + string.Concat(Signatures.Select(signature => signature + "\n"));

    /// <summary>Reads a note; none if it is not one.</summary>
    public static SignedNote? Parse(string note)
    {
        var border = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (note.Length > MaxLength || border < 0 || !note.EndsWith('\n')) return null;
        var lines = note[(border + 2)..].Split('\n')[..^1];
        var signatures = lines.Select(NoteSignature.Parse).OfType<NoteSignature>().ToList();
        return signatures.Count == lines.Length && signatures.Count is > 0 and <= MaxSignatures ? new SignedNote(note[..(border + 1)], signatures) : null;
    }
}

/// <summary>A line below a note.</summary>
/// <param name="KeyName">Whose key.</param>
/// <param name="KeyHash">The first four bytes of what the key's name, kind and public half hash to.</param>
/// <param name="Bytes">What the key's kind makes of the text: for Ed25519 its 64 bytes.</param>
public sealed record NoteSignature(string KeyName, uint KeyHash, byte[] Bytes)
{
    private const string Mark = "— ";

    public override string ToString()
    {
        var bytes = new byte[sizeof(uint) + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyHash);
        Bytes.CopyTo(bytes, sizeof(uint));
        return $"{Mark}{KeyName} {Convert.ToBase64String(bytes)}";
    }

    internal static NoteSignature? Parse(string line)
    {
        var parts = line.Split(' ');
        if (parts.Length != 3 || parts[0] != "—" || parts[1].Length == 0) return null;
        var bytes = new byte[parts[2].Length];
        return Convert.TryFromBase64String(parts[2], bytes, out var length) && length > sizeof(uint)
            ? new NoteSignature(parts[1], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[sizeof(uint)..length])
            : null;
    }
}

/// <summary>The public half of an Ed25519 key with the name it signs notes under.</summary>
/// <param name="Name">Without white space and plus signs.</param>
/// <param name="PublicKey">32 bytes.</param>
public sealed record VerifierKey(string Name, byte[] PublicKey)
{
    /// <summary>The signature's kind: Ed25519.</summary>
    public const byte Ed25519 = 1;

    /// <summary>By which signatures name the key.</summary>
    public uint KeyHash => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', Ed25519, .. PublicKey]));

    /// <summary>The form in which it is handed to whoever verifies.</summary>
    public override string ToString() => $"{Name}+{KeyHash:x8}+{Convert.ToBase64String([Ed25519, .. PublicKey])}";
}
