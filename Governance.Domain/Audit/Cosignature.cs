using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Governance.Domain.Audit;

/// <summary>What a witness says of a checkpoint: that it saw it at a time, as the continuation of all it saw before (https://c2sp.org/tlog-cosignature).</summary>
/// <param name="Timestamp">When, in seconds since 1970.</param>
/// <param name="Signature">64 bytes of Ed25519 over <see cref="MessageOf"/>.</param>
public sealed record Cosignature(long Timestamp, byte[] Signature)
{
    private const int SignatureLength = 64;

    /// <summary>Reads the bytes of a note's signature line; none if they are no cosignature.</summary>
    public static Cosignature? Parse(NoteSignature line)
    {
        if (line.Bytes.Length != sizeof(long) + SignatureLength) return null;
        var timestamp = BinaryPrimitives.ReadInt64BigEndian(line.Bytes);
        return timestamp >= 0 ? new Cosignature(timestamp, line.Bytes[sizeof(long)..]) : null;
    }

    /// <summary>What is signed of a checkpoint.</summary>
    /// <param name="checkpointText">The text of the note, with the newline at its end.</param>
    /// <param name="timestamp">In seconds since 1970.</param>
    public static byte[] MessageOf(string checkpointText, long timestamp) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {timestamp}\n{checkpointText}"));
}
