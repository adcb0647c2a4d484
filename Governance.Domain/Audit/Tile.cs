using System.Globalization;

namespace Governance.Domain.Audit;

/// <summary>How hashes lie in tiles: C2SP tlog-tiles, with tiles of 256 hashes (https://c2sp.org/tlog-tiles).</summary>
public static class Tile
{
    /// <summary>How many hashes a full tile has.</summary>
    public const int Width = 256;

    private const int GroupSize = 1000;

    /// <summary>The highest level that a tree with 2^63 leaves could have.</summary>
    public const int MaxLevel = 7;

    /// <summary>The index as a path: groups of three digits, all but the last marked with an x: 1234067 is <c>x001/x234/067</c>.</summary>
    public static string PathOf(long index)
    {
        var path = (index % GroupSize).ToString("000", CultureInfo.InvariantCulture);
        for (index /= GroupSize; index > 0; index /= GroupSize)
            path = string.Create(CultureInfo.InvariantCulture, $"x{index % GroupSize:000}/{path}");
        return path;
    }

    /// <summary>Reads the part of a tile's address behind its level: <c>x001/x234/067</c>, or <c>x001/x234/067.p/8</c> with the width of a partial tile.</summary>
    public static bool TryParse(string path, out long index, out int width)
    {
        (index, width) = (0, Width);
        var partial = path.IndexOf(".p/", StringComparison.Ordinal);
        if (partial >= 0)
        {
            if (!int.TryParse(path.AsSpan(partial + 3), NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is < 1 or >= Width) return false;
            path = path[..partial];
        }

        var groups = path.Split('/');
        for (var i = 0; i < groups.Length; i++)
        {
            var last = i == groups.Length - 1;
            var digits = last ? groups[i] : groups[i].StartsWith('x') ? groups[i][1..] : "";
            if (digits.Length != 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var group)) return false;
            if (index > long.MaxValue / GroupSize / 10) return false;
            index = (index * GroupSize) + group;
        }

        return path == PathOf(index); // No second spelling of the same tile.
    }
}
