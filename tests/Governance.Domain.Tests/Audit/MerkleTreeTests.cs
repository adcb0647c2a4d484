using System.Text;
using Governance.Domain.Audit;

namespace Governance.Domain.Tests.Audit;

public sealed partial class MerkleTreeTests
{
    private const int Most = 300;
    private const int AllUpTo = 64;
    private const int TileWidth = 256;

    /// <summary>The leaves, and the roots of the first 0 to 8 of them, that implementations of RFC 6962 share as test vectors.</summary>
    private static readonly byte[][] KnownLeaves =
        [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString)];

    private static readonly string[] KnownRoots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, Most).Select(LeafAt)];
    private static readonly byte[][] LeafHashes = [.. Leaves.Select(Rfc6962Reference.Leaf)];
    private static readonly byte[][] Roots = [.. Enumerable.Range(0, Most + 1).Select(size => Rfc6962Reference.Mth(Leaves.AsSpan(0, size)))];

    /// <summary>Leaf and size: the shapes a path can have, small and at the tiles' width.</summary>
    public static TheoryData<int, int> Inclusions => new()
    {
        { 0, 1 }, { 0, 2 }, { 1, 2 }, { 2, 3 }, { 4, 5 }, { 6, 7 }, { 5, 8 }, { 0, 64 }, { 199, 200 }, { 255, 256 }, { 256, 257 }, { 123, 300 }, { 257, 300 },
    };

    /// <summary>Older and newer size: powers of two and others, on either side.</summary>
    public static TheoryData<int, int> Consistencies => new()
    {
        { 1, 2 }, { 1, 8 }, { 2, 3 }, { 2, 5 }, { 3, 4 }, { 3, 7 }, { 4, 7 }, { 4, 8 }, { 6, 8 }, { 7, 8 }, { 64, 65 }, { 129, 257 }, { 256, 257 },
        { 128, 300 }, { 255, 300 }, { 299, 300 },
    };

    [Fact]
    public void Root_KnownVectors_AreMet()
    {
        var edge = new TreeEdge();
        for (var size = 0; size <= KnownLeaves.Length; size++)
        {
            if (size > 0) edge.Append(MerkleTree.HashLeaf(KnownLeaves[size - 1]));

            byte[][] hashes = [.. KnownLeaves.Take(size).Select(leaf => MerkleTree.HashLeaf(leaf))];
            Assert.Equal(KnownRoots[size], Convert.ToHexStringLower(MerkleTree.Root(hashes)));
            Assert.Equal(KnownRoots[size], Convert.ToHexStringLower(edge.Root()));
            Assert.Equal(KnownRoots[size], Convert.ToHexStringLower(Rfc6962Reference.Mth(KnownLeaves.AsSpan(0, size))));
        }

        Assert.Equal(KnownRoots[0], Convert.ToHexStringLower(MerkleTree.EmptyRoot));
        Assert.Equal(KnownRoots[1], Convert.ToHexStringLower(MerkleTree.HashLeaf([])));
        Assert.Equal(KnownRoots[2], Convert.ToHexStringLower(MerkleTree.HashChildren(MerkleTree.HashLeaf([]), MerkleTree.HashLeaf([0]))));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void InclusionProof_KnownVectors_AreMet(int index, int size, params string[] proof)
    {
        Assert.Equal(proof, Hashes(MerkleTree.InclusionProof(index, size), KnownLeaves).Select(Convert.ToHexStringLower));
        Assert.Equal(proof, Rfc6962Reference.Path(index, KnownLeaves.AsSpan(0, size)).Select(Convert.ToHexStringLower));
        Assert.True(MerkleTree.VerifyInclusion(
            index, size, MerkleTree.HashLeaf(KnownLeaves[index]), [.. proof.Select(Convert.FromHexString)], Convert.FromHexString(KnownRoots[size])));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void ConsistencyProof_KnownVectors_AreMet(int olderSize, int size, params string[] proof)
    {
        Assert.Equal(proof, Hashes(MerkleTree.ConsistencyProof(olderSize, size), KnownLeaves).Select(Convert.ToHexStringLower));
        Assert.Equal(proof, Rfc6962Reference.Proof(olderSize, KnownLeaves.AsSpan(0, size)).Select(Convert.ToHexStringLower));
        Assert.True(MerkleTree.VerifyConsistency(
            olderSize, size, Convert.FromHexString(KnownRoots[olderSize]), Convert.FromHexString(KnownRoots[size]), [.. proof.Select(Convert.FromHexString)]));
    }

    [Fact]
    public void HashLeaf_LeavesOfManyLengths_AreTheReferences()
    {
        for (var length = 0; length <= 2_000; length += 37)
        {
            byte[] leaf = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            AssertSame(Rfc6962Reference.Leaf(leaf), MerkleTree.HashLeaf(leaf), $"leaf of {length} bytes");
        }
    }

    [Fact]
    public void HashLeaf_LeafThatLooksLikeTwoChildren_IsNotTheirParent() =>
        Assert.NotEqual(MerkleTree.HashChildren(LeafHashes[0], LeafHashes[1]), MerkleTree.HashLeaf([.. LeafHashes[0], .. LeafHashes[1]]));

    [Fact]
    public void HashChildren_LeftAndRight_AreTheReferencesInTheirOrder()
    {
        AssertSame(Rfc6962Reference.Node(LeafHashes[0], LeafHashes[1]), MerkleTree.HashChildren(LeafHashes[0], LeafHashes[1]), "0, 1");
        AssertSame(Rfc6962Reference.Node(LeafHashes[1], LeafHashes[0]), MerkleTree.HashChildren(LeafHashes[1], LeafHashes[0]), "1, 0");
    }

    [Fact]
    public void Root_EverySize_IsTheReferences()
    {
        Assert.Equal(32, MerkleTree.HashLength);
        for (var size = 0; size <= Most; size++) AssertSame(Roots[size], MerkleTree.Root(LeafHashes[..size]), $"root of {size}");
    }

    [Fact]
    public void Append_EverySize_LeavesTheReferencesRoot()
    {
        var edge = new TreeEdge();
        AssertSame(Roots[0], edge.Root(), "root of 0");
        for (var size = 1; size <= Most; size++)
        {
            edge.Append(LeafHashes[size - 1]);

            Assert.Equal(size, edge.Size);
            AssertSame(Roots[size], edge.Root(), $"root of {size}");
        }
    }

    [Fact]
    public void Append_UntilATileOfTilesIsFull_LeavesTheRootOfAllLeaves()
    {
        const int full = TileWidth * TileWidth;
        byte[][] hashes = [.. Enumerable.Range(0, full + 1).Select(i => MerkleTree.HashLeaf(LeafAt(i)))];
        var edge = new TreeEdge();

        for (var size = 1; size <= full + 1; size++)
        {
            edge.Append(hashes[size - 1]);
            if (size < full - 1) continue;

            Assert.Equal(size, edge.Size);
            AssertSame(MerkleTree.Root(hashes[..size]), edge.Root(), $"root of {size}");
        }
    }

    [Fact]
    public void Append_LeafThatFillsTiles_GivesThemLowestFirst()
    {
        const int full = TileWidth * TileWidth;
        byte[][] leaves = [.. Enumerable.Range(0, full + TileWidth).Select(LeafAt)];
        var edge = new TreeEdge();
        List<FullTile> lowest = [];
        List<FullTile> above = [];

        for (var size = 1; size <= leaves.Length; size++)
        {
            var tiles = edge.Append(Rfc6962Reference.Leaf(leaves[size - 1]));

            var expected = size == full ? 2 : size % TileWidth == 0 ? 1 : 0;
            if (tiles.Count != expected) Assert.Fail($"At {size} leaves {tiles.Count} tiles became full, not {expected}.");
            if (expected > 0) lowest.Add(tiles[0]);
            if (expected > 1) above.Add(tiles[1]);
        }

        Assert.Equal(Enumerable.Range(0, TileWidth + 1).Select(index => (0, (long)index)), lowest.Select(tile => (tile.Level, tile.Index)));
        foreach (var tile in lowest)
        {
            byte[] expected = [.. leaves.Skip((int)tile.Index * TileWidth).Take(TileWidth).SelectMany(Rfc6962Reference.Leaf)];
            AssertSame(expected, tile.Hashes, $"tile {tile.Index} of the leaves");
        }

        var only = Assert.Single(above);
        Assert.Equal((1, 0L), (only.Level, only.Index));
        byte[] roots = [.. Enumerable.Range(0, TileWidth).SelectMany(index => Rfc6962Reference.Mth(leaves.AsSpan(index * TileWidth, TileWidth)))];
        AssertSame(roots, only.Hashes, "tile of the tiles");
    }

    [Fact]
    public void InclusionProof_EverySize_IsTheReferencesPathAndVerifies()
    {
        for (var size = 1; size <= Most; size++)
        {
            foreach (var index in size <= AllUpTo ? Enumerable.Range(0, size) : Sample(size))
            {
                var what = $"leaf {index} of {size}";
                var expected = Rfc6962Reference.Path(index, Leaves.AsSpan(0, size));

                AssertSame(expected, Hashes(MerkleTree.InclusionProof(index, size), Leaves), what);
                Assert.True(MerkleTree.VerifyInclusion(index, size, LeafHashes[index], expected, Roots[size]), what);
            }
        }
    }

    [Fact]
    public void ConsistencyProof_EveryPairOfSizes_IsTheReferencesProofAndVerifies()
    {
        for (var size = 1; size <= Most; size++)
        {
            foreach (var olderSize in size <= AllUpTo ? Enumerable.Range(1, size) : Sample(size).Where(older => older > 0).Append(size))
            {
                var what = $"{olderSize} to {size}";
                var expected = Rfc6962Reference.Proof(olderSize, Leaves.AsSpan(0, size));

                AssertSame(expected, Hashes(MerkleTree.ConsistencyProof(olderSize, size), Leaves), what);
                Assert.True(MerkleTree.VerifyConsistency(olderSize, size, Roots[olderSize], Roots[size], expected), what);
            }
        }
    }

    [Fact]
    public void ConsistencyProof_EqualSizes_IsEmpty()
    {
        foreach (var size in new[] { 1, 2, 3, 255, 256, 65_537, long.MaxValue }) Assert.Empty(MerkleTree.ConsistencyProof(size, size));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(-1, -1)]
    [InlineData(-1, 0)]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(long.MinValue, 5)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void InclusionProof_LeafThatIsNotInTheTree_Throws(long index, long size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.InclusionProof(index, size));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(-1, -1)]
    [InlineData(-1, 5)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(6, 5)]
    [InlineData(long.MinValue, 5)]
    [InlineData(long.MaxValue, long.MaxValue - 1)]
    public void ConsistencyProof_OlderTreeThatIsEmptyOrLarger_Throws(long olderSize, long size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.ConsistencyProof(olderSize, size));

    [Theory]
    [InlineData(0, long.MaxValue, 63)]
    [InlineData(1L << 62, long.MaxValue, 63)]
    [InlineData(long.MaxValue - 1, long.MaxValue, 62)]
    [InlineData(12_345_678_901, (1L << 62) + 1, 63)]
    [InlineData(1L << 62, (1L << 62) + 1, 1)]
    [InlineData(1L << 40, (1L << 40) + 3, 3)]
    public void InclusionProof_LargestSizes_CoversEveryOtherLeafOnce(long index, long size, int length)
    {
        var proof = MerkleTree.InclusionProof(index, size);

        Assert.Equal(length, proof.Count);
        AssertCovers(size, [.. proof, new HashRange(index, index + 1)]);
    }

    [Theory]
    [InlineData(long.MaxValue - 1, long.MaxValue, 63)]
    [InlineData((1L << 62) + 1, long.MaxValue, 64)]
    [InlineData((1L << 62) - 1, long.MaxValue, 64)]
    [InlineData((1L << 40) + 1, (1L << 40) + 3, 4)]
    public void ConsistencyProof_LargestSizes_CoversEveryLeafOnce(long olderSize, long size, int length)
    {
        var proof = MerkleTree.ConsistencyProof(olderSize, size);

        Assert.Equal(length, proof.Count);
        AssertCovers(size, proof);
    }

    [Fact]
    public void ConsistencyProof_LargestSizeAfterAPowerOfTwo_IsTheRest() =>
        Assert.Equal([new HashRange(1L << 62, long.MaxValue)], MerkleTree.ConsistencyProof(1L << 62, long.MaxValue));

    private sealed record Inclusion(long Index, long Size, byte[] LeafHash, byte[][] Proof, byte[] Root)
    {
        public bool Verifies => MerkleTree.VerifyInclusion(Index, Size, LeafHash, Proof, Root);
    }

    private sealed record Consistency(long OlderSize, long Size, byte[] OlderRoot, byte[] Root, byte[][] Proof)
    {
        public bool Verifies => MerkleTree.VerifyConsistency(OlderSize, Size, OlderRoot, Root, Proof);
    }

    private static Inclusion InclusionOf(int index, int size) =>
        new(index, size, LeafHashes[index], Rfc6962Reference.Path(index, Leaves.AsSpan(0, size)), Roots[size]);

    private static Consistency ConsistencyOf(int olderSize, int size) =>
        new(olderSize, size, Roots[olderSize], Roots[size], Rfc6962Reference.Proof(olderSize, Leaves.AsSpan(0, size)));

    /// <summary>One bit of every byte of a hash, and over eight bytes each of the bits.</summary>
    private static readonly int[] Bits = [.. Enumerable.Range(0, 32).Select(i => (i * 8) + ((i * 3) % 8))];

    private static readonly int[] OtherLengths = [0, 1, 16, 31, 33, 64];

    /// <summary>Distinct, and of different lengths.</summary>
    private static byte[] LeafAt(int index) => Encoding.UTF8.GetBytes($"{new string('.', index % 5)}{index}");

    /// <summary>Numbers below <paramref name="size"/>: both ends, around the largest power of two, the tiles' width, and one anywhere.</summary>
    private static IEnumerable<int> Sample(int size)
    {
        var split = 1;
        while (2 * split < size) split *= 2;
        return new[] { 0, 1, split - 1, split, split + 1, size * size % 263, size - 2, size - 1 }.Where(number => number < size).Distinct();
    }

    private static byte[][] Hashes(IReadOnlyList<HashRange> ranges, byte[][] leaves) =>
        [.. ranges.Select(range => Rfc6962Reference.Mth(leaves.AsSpan(checked((int)range.Start), checked((int)(range.End - range.Start)))))];

    private static IEnumerable<byte[][]> OfAnotherLength(byte[][] proof, params byte[][] more)
    {
        foreach (var hash in more.Concat(proof))
        {
            for (var at = 0; at <= proof.Length; at++) yield return [.. proof[..at], hash, .. proof[at..]];
        }

        for (var at = 0; at < proof.Length; at++) yield return [.. proof[..at], .. proof[(at + 1)..]];
        if (proof.Length > 1) yield return [];
    }

    private static string Described(byte[][] proof) => string.Join(' ', proof.Select(hash => hash.Length == 0 ? "-" : Convert.ToHexStringLower(hash)[..8]));

    private static byte[] Flipped(byte[] hash, int bit)
    {
        byte[] flipped = [.. hash];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static byte[] Resized(byte[] hash, int length)
    {
        byte[] resized = [.. hash];
        Array.Resize(ref resized, length);
        return resized;
    }

    private static byte[][] Replaced(byte[][] proof, int at, byte[] hash) => [.. proof[..at], hash, .. proof[(at + 1)..]];

    private static void AssertCovers(long size, IEnumerable<HashRange> ranges)
    {
        var covered = 0L;
        foreach (var range in ranges.OrderBy(range => range.Start))
        {
            Assert.Equal(covered, range.Start);
            Assert.True(range.End > range.Start, $"{range}");
            covered = range.End;
        }

        Assert.Equal(size, covered);
    }

    private static void AssertSame(byte[][] expected, byte[][] actual, string what)
    {
        if (expected.Length != actual.Length) Assert.Fail($"{what}: {actual.Length} hashes, not {expected.Length}");
        for (var i = 0; i < expected.Length; i++) AssertSame(expected[i], actual[i], $"{what}, hash {i}");
    }

    private static void AssertSame(byte[] expected, byte[] actual, string what)
    {
        if (!expected.AsSpan().SequenceEqual(actual))
            Assert.Fail($"{what}: {Convert.ToHexStringLower(actual)}, not {Convert.ToHexStringLower(expected)}");
    }
}
