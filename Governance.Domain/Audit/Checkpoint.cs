using System.Globalization;

namespace Governance.Domain.Audit;

/// <summary>What a log says of its tree: C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint).</summary>
/// <param name="Origin">Which log.</param>
/// <param name="Size">How many leaves.</param>
/// <param name="Root">The root over them, 32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The text that is signed, with the newline at its end.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads a text that was signed; lines behind the third are extensions.</summary>
    public static Checkpoint? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[0].Length == 0 || lines[^1].Length > 0) return null;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size.ToString(CultureInfo.InvariantCulture) != lines[1]) return null;
        var root = new byte[MerkleTree.HashLength];
        return Convert.TryFromBase64String(lines[2], root, out var length) && length == MerkleTree.HashLength ? new Checkpoint(lines[0], size, root) : null;
    }
}
