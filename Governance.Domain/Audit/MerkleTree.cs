using System.Numerics;
using System.Security.Cryptography;

namespace Governance.Domain.Audit;

/// <summary>
/// The hash tree of RFC 6962, section 2.1, over SHA-256. Proofs are given as the ranges of leaves whose hashes they consist of, so that
/// whoever keeps the hashes decides where they come from. Verifying follows RFC 9162, sections 2.1.3.2 and 2.1.4.2.
/// </summary>
public static class MerkleTree
{
    /// <summary>The length of every hash, in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;
    private const int MaxOnStack = 2048;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>The hash of a leaf's bytes.</summary>
    public static byte[] HashLeaf(ReadOnlySpan<byte> leaf)
    {
        var large = leaf.Length < MaxOnStack ? null : new byte[1 + leaf.Length];
        var bytes = large ?? stackalloc byte[1 + leaf.Length];
        bytes[0] = LeafPrefix;
        leaf.CopyTo(bytes[1..]);
        return SHA256.HashData(bytes);
    }

    /// <summary>The hash of a node over those of its two children.</summary>
    public static byte[] HashChildren(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(left.Length, HashLength, nameof(left));
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, HashLength, nameof(right));
        Span<byte> node = stackalloc byte[1 + (2 * HashLength)];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashLength)..]);
        return SHA256.HashData(node);
    }

    /// <summary>The root over the hashes of all leaves.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leafHashes) => leafHashes.Count == 0 ? EmptyRoot : Root(leafHashes, 0, leafHashes.Count);

    /// <summary>The audit path of a leaf, from the leaf up: PATH(index, D[size]).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<HashRange> InclusionProof(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<HashRange>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + LargestPowerBelow(end - start);
            path.Add(index < middle ? new HashRange(middle, end) : new HashRange(start, middle));
            (start, end) = index < middle ? (start, middle) : (middle, end);
        }

        path.Reverse();
        return path;
    }

    /// <summary>What shows that the tree of an older size is the beginning of this one: PROOF(olderSize, D[size]).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The older size is 0, which would prove nothing, or larger than the size.</exception>
    public static IReadOnlyList<HashRange> ConsistencyProof(long olderSize, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(olderSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(olderSize, size);
        var proof = new List<HashRange>();
        var (start, end) = (0L, size);
        while (end != olderSize)
        {
            var middle = start + LargestPowerBelow(end - start);
            proof.Add(olderSize <= middle ? new HashRange(middle, end) : new HashRange(start, middle));
            (start, end) = olderSize <= middle ? (start, middle) : (middle, end);
        }

        // The older root is known to whoever verifies, unless the older tree was split on the way.
        if (start > 0) proof.Add(new HashRange(start, end));
        proof.Reverse();
        return proof;
    }

    /// <summary>Whether a leaf is at an index of the tree with a root.</summary>
    public static bool VerifyInclusion(long index, long size, ReadOnlySpan<byte> leafHash, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leafHash.Length != HashLength || proof.Any(hash => hash.Length != HashLength)) return false;
        var (node, last, hash) = (index, size - 1, leafHash.ToArray());
        foreach (var sibling in proof)
        {
            if (last == 0) return false; // More hashes than the tree has levels.
            if ((node & 1) == 1 || node == last)
            {
                hash = HashChildren(sibling, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = HashChildren(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether the tree with the older root is the beginning of the tree with the root. From size 0 nothing can be shown.</summary>
    public static bool VerifyConsistency(long olderSize, long size, ReadOnlySpan<byte> olderRoot, ReadOnlySpan<byte> root, IReadOnlyList<byte[]> proof)
    {
        if (olderSize <= 0 || olderSize > size || proof.Any(hash => hash.Length != HashLength)) return false;
        if (olderRoot.Length != HashLength || root.Length != HashLength) return false;
        if (olderSize == size) return proof.Count == 0 && olderRoot.SequenceEqual(root);
        if (proof.Count == 0) return false;

        var path = BitOperations.IsPow2(olderSize) ? [olderRoot.ToArray(), .. proof] : proof;
        var (node, last) = (olderSize - 1, size - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        var (older, newer) = (path[0], path[0]);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                (older, newer) = (HashChildren(sibling, older), HashChildren(sibling, newer));
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                newer = HashChildren(newer, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && older.AsSpan().SequenceEqual(olderRoot) && newer.AsSpan().SequenceEqual(root);
    }

    /// <summary>The largest power of two below a number of leaves: where the RFC splits them.</summary>
    public static long LargestPowerBelow(long count) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(count - 1)));

    private static byte[] Root(IReadOnlyList<byte[]> hashes, int start, int end)
    {
        if (end - start == 1) return hashes[start];
        var middle = start + (int)LargestPowerBelow(end - start);
        return HashChildren(Root(hashes, start, middle), Root(hashes, middle, end));
    }
}

/// <summary>Leaves that follow one another; their hash is the root of the tree over them alone.</summary>
/// <param name="Start">The index of the first.</param>
/// <param name="End">The index behind the last.</param>
public readonly record struct HashRange(long Start, long End)
{
    public long Count => End - Start;
}
