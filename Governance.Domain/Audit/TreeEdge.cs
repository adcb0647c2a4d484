namespace Governance.Domain.Audit;

/// <summary>The right edge of a growing tree: at each level the hashes of the tile that is not full yet. It is all that appending and the root need.</summary>
public sealed class TreeEdge
{
    private readonly List<List<byte[]>> _levels = [[]];

    /// <summary>The edge of the empty tree.</summary>
    public TreeEdge()
    {
    }

    /// <summary>The edge of a tree that exists.</summary>
    /// <param name="size">How many leaves it has.</param>
    /// <param name="partial">At each level, from the leaves up, the hashes of the tile that is not full.</param>
    /// <exception cref="ArgumentException">There are not as many hashes as a tree of this size has at its edge.</exception>
    public TreeEdge(long size, IReadOnlyList<IReadOnlyList<byte[]>> partial)
    {
        Size = size;
        _levels = [.. partial.Select(level => level.ToList())];
        for (var (level, count) = (0, size); level < partial.Count || count > 0; level++, count /= Tile.Width)
        {
            if (level >= partial.Count || partial[level].Count != count % Tile.Width)
                throw new ArgumentException($"The edge of a tree of {size} leaves has {count % Tile.Width} hashes at level {level}.", nameof(partial));
        }

        if (_levels.Count == 0) _levels.Add([]);
    }

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a leaf.</summary>
    /// <returns>The tiles that became full by it, lowest level first.</returns>
    public IReadOnlyList<FullTile> Append(byte[] leafHash)
    {
        if (leafHash.Length != MerkleTree.HashLength) throw new ArgumentException($"A hash has {MerkleTree.HashLength} bytes.", nameof(leafHash));
        Size++;
        _levels[0].Add(leafHash);
        if (_levels[0].Count < Tile.Width) return [];

        var full = new List<FullTile>();
        var before = Size / Tile.Width;
        for (var level = 0; _levels[level].Count == Tile.Width; level++, before /= Tile.Width)
        {
            full.Add(new FullTile(level, before - 1, [.. _levels[level].SelectMany(hash => hash)]));
            if (level + 1 == _levels.Count) _levels.Add([]);
            _levels[level + 1].Add(MerkleTree.Root(_levels[level]));
            _levels[level].Clear();
        }

        return full;
    }

    /// <summary>The root of the tree as it is.</summary>
    public byte[] Root()
    {
        byte[]? root = null;
        foreach (var level in _levels)
        {
            // The tree is made of perfect trees, the largest to the left; the smallest are joined first.
            for (var (end, size) = (level.Count, 1); end > 0; size *= 2)
            {
                if ((end & size) == 0) continue;
                var peak = MerkleTree.Root(level.GetRange(end - size, size));
                root = root is null ? peak : MerkleTree.HashChildren(peak, root);
                end -= size;
            }
        }

        return root ?? MerkleTree.EmptyRoot;
    }
}

/// <summary>A tile with all its hashes, which never changes.</summary>
/// <param name="Level">0 over leaves, 1 over tiles of level 0, and so on.</param>
/// <param name="Index">Which one of its level, from the left.</param>
/// <param name="Hashes">Its hashes, one behind the other.</param>
public sealed record FullTile(int Level, long Index, byte[] Hashes);
