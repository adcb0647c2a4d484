using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Domain.Audit;

/// <summary>The public half of the Ed25519 key with which a witness cosigns checkpoints (https://c2sp.org/tlog-cosignature).</summary>
/// <param name="Name">Without white space and plus signs.</param>
/// <param name="PublicKey">32 bytes.</param>
public sealed record WitnessKey(string Name, byte[] PublicKey)
{
    private const byte CosignatureV1 = 4;
    private const int PublicKeyLength = 32;

    /// <summary>By which signatures name the key.</summary>
    public uint KeyHash => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', CosignatureV1, .. PublicKey]));

    /// <summary>Reads a verifier key as witnesses publish it; none if it is not one for cosignatures, or its hash is not the one it says.</summary>
    public static WitnessKey? Parse(string text)
    {
        var parts = text.Split('+', 3); // Base64 has plus signs of its own.
        if (parts.Length != 3 || parts[0].Length == 0 || parts[0].Any(char.IsWhiteSpace)) return null;
        var bytes = new byte[1 + PublicKeyLength];
        if (!Convert.TryFromBase64String(parts[2], bytes, out var length) || length != bytes.Length || bytes[0] != CosignatureV1) return null;
        var key = new WitnessKey(parts[0], bytes[1..]);
        return parts[1] == key.KeyHash.ToString("x8", CultureInfo.InvariantCulture) ? key : null;
    }

    /// <summary>The form in which it is handed to whoever verifies.</summary>
    public override string ToString() => $"{Name}+{KeyHash:x8}+{Convert.ToBase64String([CosignatureV1, .. PublicKey])}";
}
