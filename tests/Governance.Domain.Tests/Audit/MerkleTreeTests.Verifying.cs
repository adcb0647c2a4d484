namespace Governance.Domain.Tests.Audit;

/// <summary>What a verifier accepts, and above all what it refuses.</summary>
public sealed partial class MerkleTreeTests
{
    [Fact]
    public void VerifyInclusion_LargestSize_IsDecided()
    {
        // In 2^63 - 1 leaves the first has 62 neighbours in its half and then the other half, all to the right;
        // the last has 62, all to the left.
        var first = new Inclusion(0, long.MaxValue, LeafHashes[0], LeafHashes[1..64], LeafHashes[1..64].Aggregate(LeafHashes[0], Rfc6962Reference.Node));
        var last = new Inclusion(
            long.MaxValue - 1, long.MaxValue, LeafHashes[0], LeafHashes[1..63],
            LeafHashes[1..63].Aggregate(LeafHashes[0], (hash, left) => Rfc6962Reference.Node(left, hash)));

        Assert.True(first.Verifies);
        Assert.True(last.Verifies);
        Assert.False((first with { Index = last.Index }).Verifies);
        Assert.False((last with { Index = first.Index }).Verifies);
        Assert.False((first with { Index = long.MaxValue }).Verifies);
        Assert.False((first with { Proof = first.Proof[..62] }).Verifies);
    }

    [Fact]
    public void VerifyConsistency_LargestSize_IsDecided()
    {
        // 2^63 - 2 of 2^63 - 1 leaves: the last two of the older tree, the one that came, and 61 larger trees to their left.
        var (pair, added, lefts) = (LeafHashes[0], LeafHashes[1], LeafHashes[2..63]);
        var byOne = new Consistency(
            long.MaxValue - 1, long.MaxValue,
            lefts.Aggregate(pair, (hash, left) => Rfc6962Reference.Node(left, hash)),
            lefts.Aggregate(Rfc6962Reference.Node(pair, added), (hash, left) => Rfc6962Reference.Node(left, hash)),
            [pair, added, .. lefts]);
        var fromHalf = new Consistency(1L << 62, long.MaxValue, LeafHashes[0], Rfc6962Reference.Node(LeafHashes[0], LeafHashes[1]), [LeafHashes[1]]);

        Assert.True(byOne.Verifies);
        Assert.True(fromHalf.Verifies);
        Assert.False((byOne with { OlderSize = long.MaxValue - 2 }).Verifies);
        Assert.False((fromHalf with { OlderSize = (1L << 62) + 1 }).Verifies);
        Assert.False((fromHalf with { OlderSize = long.MaxValue }).Verifies);
    }

    [Theory]
    [MemberData(nameof(Inclusions))]
    public void VerifyInclusion_AnyBitFlipped_IsRefused(int index, int size)
    {
        var good = InclusionOf(index, size);
        Assert.True(good.Verifies);

        foreach (var bit in Bits)
        {
            Assert.False((good with { LeafHash = Flipped(good.LeafHash, bit) }).Verifies, $"leaf hash, bit {bit}");
            Assert.False((good with { Root = Flipped(good.Root, bit) }).Verifies, $"root, bit {bit}");
            for (var i = 0; i < good.Proof.Length; i++)
                Assert.False((good with { Proof = Replaced(good.Proof, i, Flipped(good.Proof[i], bit)) }).Verifies, $"hash {i} of the proof, bit {bit}");
        }
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_AnyBitFlipped_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);
        Assert.True(good.Verifies);

        foreach (var bit in Bits)
        {
            Assert.False((good with { OlderRoot = Flipped(good.OlderRoot, bit) }).Verifies, $"older root, bit {bit}");
            Assert.False((good with { Root = Flipped(good.Root, bit) }).Verifies, $"root, bit {bit}");
            for (var i = 0; i < good.Proof.Length; i++)
                Assert.False((good with { Proof = Replaced(good.Proof, i, Flipped(good.Proof[i], bit)) }).Verifies, $"hash {i} of the proof, bit {bit}");
        }
    }

    [Theory]
    [MemberData(nameof(Inclusions))]
    public void VerifyInclusion_HashMoreOrLess_IsRefused(int index, int size)
    {
        var good = InclusionOf(index, size);

        foreach (var proof in OfAnotherLength(good.Proof, good.LeafHash, good.Root, Roots[0], []))
            Assert.False((good with { Proof = proof }).Verifies, Described(proof));
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_HashMoreOrLess_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);

        foreach (var proof in OfAnotherLength(good.Proof, good.OlderRoot, good.Root, Roots[0], []))
            Assert.False((good with { Proof = proof }).Verifies, Described(proof));
    }

    [Theory]
    [MemberData(nameof(Inclusions))]
    public void VerifyInclusion_HashOfAnotherLength_IsRefused(int index, int size)
    {
        var good = InclusionOf(index, size);

        foreach (var length in OtherLengths)
        {
            Assert.False((good with { LeafHash = Resized(good.LeafHash, length) }).Verifies, $"leaf hash of {length}");
            Assert.False((good with { Root = Resized(good.Root, length) }).Verifies, $"root of {length}");
            for (var i = 0; i < good.Proof.Length; i++)
                Assert.False((good with { Proof = Replaced(good.Proof, i, Resized(good.Proof[i], length)) }).Verifies, $"hash {i} of {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_HashOfAnotherLength_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);

        foreach (var length in OtherLengths)
        {
            Assert.False((good with { OlderRoot = Resized(good.OlderRoot, length) }).Verifies, $"older root of {length}");
            Assert.False((good with { Root = Resized(good.Root, length) }).Verifies, $"root of {length}");
            for (var i = 0; i < good.Proof.Length; i++)
                Assert.False((good with { Proof = Replaced(good.Proof, i, Resized(good.Proof[i], length)) }).Verifies, $"hash {i} of {length}");
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(64)]
    public void VerifyInclusion_BytesMovedBetweenLeafHashAndProof_IsRefused(int length)
    {
        // The two together hash to the right root; only their lengths give it away.
        byte[] both = [.. LeafHashes[0], .. LeafHashes[1]];

        Assert.False(new Inclusion(0, 2, both[..length], [both[length..]], Roots[2]).Verifies);
        Assert.False(new Inclusion(1, 2, both[length..], [both[..length]], Roots[2]).Verifies);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    [InlineData(64)]
    public void VerifyConsistency_BytesMovedBetweenOlderRootAndProof_IsRefused(int length)
    {
        byte[] both = [.. LeafHashes[0], .. LeafHashes[1]];

        Assert.False(new Consistency(1, 2, both[..length], Roots[2], [both[length..]]).Verifies);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void VerifyInclusion_OnlyLeafAndRootOfAnotherLength_IsRefused(int length)
    {
        var notAHash = Resized(LeafHashes[0], length);

        Assert.False(new Inclusion(0, 1, notAHash, [], notAHash).Verifies);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void VerifyConsistency_EqualRootsOfAnotherLength_IsRefused(int length)
    {
        var notAHash = Resized(LeafHashes[0], length);

        Assert.False(new Consistency(1, 1, notAHash, notAHash, []).Verifies);
        Assert.False(new Consistency(5, 5, notAHash, notAHash, []).Verifies);
    }

    [Theory]
    [MemberData(nameof(Inclusions))]
    public void VerifyInclusion_AnotherIndex_IsRefused(int index, int size)
    {
        var good = InclusionOf(index, size);

        foreach (var other in Enumerable.Range(0, size).Where(other => other != index))
            Assert.False((good with { Index = other }).Verifies, $"index {other}");
        foreach (var outside in new[] { -1, -index - 1, size, size + 1L, index + (1L << 32), index + (1L << 62), long.MinValue, long.MaxValue })
            Assert.False((good with { Index = outside }).Verifies, $"index {outside}");
        foreach (var tooSmall in new[] { index, 0, -1, -size, long.MinValue })
            Assert.False((good with { Size = tooSmall }).Verifies, $"size {tooSmall}");
    }

    [Theory]
    [MemberData(nameof(Inclusions))]
    public void VerifyInclusion_AnotherLeafOrTree_IsRefused(int index, int size)
    {
        var good = InclusionOf(index, size);

        foreach (var other in Enumerable.Range(0, Most).Where(other => other != index))
            Assert.False((good with { LeafHash = LeafHashes[other] }).Verifies, $"leaf {other}");
        foreach (var other in Enumerable.Range(0, Most + 1).Where(other => other != size))
            Assert.False((good with { Root = Roots[other] }).Verifies, $"root of {other}");
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_AnotherOlderSize_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);

        foreach (var other in Enumerable.Range(1, size).Where(other => other != olderSize))
            Assert.False((good with { OlderSize = other }).Verifies, $"older size {other}");
        foreach (var outside in new[] { 0, -1, -olderSize, size + 1L, olderSize + (1L << 32), olderSize + (1L << 62), long.MinValue, long.MaxValue })
            Assert.False((good with { OlderSize = outside }).Verifies, $"older size {outside}");
        foreach (var tooSmall in new[] { olderSize, olderSize - 1, 0, -1, -size, long.MinValue })
            Assert.False((good with { Size = tooSmall }).Verifies, $"size {tooSmall}");
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_AnotherTree_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);

        foreach (var other in Enumerable.Range(0, Most + 1))
        {
            if (other != olderSize) Assert.False((good with { OlderRoot = Roots[other] }).Verifies, $"older root of {other}");
            if (other != size) Assert.False((good with { Root = Roots[other] }).Verifies, $"root of {other}");
        }
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_SwappedRootsOrSizes_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);

        Assert.False((good with { OlderRoot = good.Root, Root = good.OlderRoot }).Verifies);
        Assert.False((good with { OlderSize = size, Size = olderSize }).Verifies);
        Assert.False((good with { OlderSize = size, Size = olderSize, OlderRoot = good.Root, Root = good.OlderRoot }).Verifies);
        Assert.False((good with { OlderSize = size, Size = olderSize, OlderRoot = good.Root, Root = good.OlderRoot, Proof = [] }).Verifies);
    }

    [Theory]
    [MemberData(nameof(Consistencies))]
    public void VerifyConsistency_LeafThatWasRewritten_IsRefused(int olderSize, int size)
    {
        var good = ConsistencyOf(olderSize, size);

        foreach (var rewritten in new[] { 0, olderSize / 2, olderSize - 1 })
        {
            byte[][] leaves = [.. Leaves.Take(size)];
            leaves[rewritten] = [0xff];

            Assert.False((good with { Root = Rfc6962Reference.Mth(leaves), Proof = Rfc6962Reference.Proof(olderSize, leaves) }).Verifies, $"leaf {rewritten}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(256)]
    public void VerifyConsistency_EqualSizes_WantEqualRootsAndNoProof(int size)
    {
        var good = new Consistency(size, size, Roots[size], Roots[size], []);

        Assert.True(good.Verifies);
        Assert.False((good with { Root = Roots[size + 1] }).Verifies);
        Assert.False((good with { OlderRoot = Roots[size - 1] }).Verifies);
        Assert.False((good with { Root = Flipped(Roots[size], 255) }).Verifies);
        Assert.False((good with { Proof = [Roots[size]] }).Verifies);
        Assert.False((good with { Proof = [LeafHashes[0]] }).Verifies);
        Assert.False((good with { Proof = [[]] }).Verifies);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 8)]
    [InlineData(-1, -1)]
    [InlineData(-8, -8)]
    [InlineData(-1, 8)]
    [InlineData(long.MinValue, long.MinValue)]
    public void VerifyConsistency_FromNothing_IsRefused(long olderSize, long size)
    {
        var newer = Roots[Math.Max(size, 0)];

        Assert.False(new Consistency(olderSize, size, Roots[0], newer, []).Verifies);
        Assert.False(new Consistency(olderSize, size, newer, newer, []).Verifies);
        Assert.False(new Consistency(olderSize, size, Roots[0], newer, [newer]).Verifies);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(-1, 0)]
    [InlineData(-1, -1)]
    [InlineData(1, 1)]
    [InlineData(long.MinValue, long.MinValue)]
    public void VerifyInclusion_TreeThatHoldsNoSuchLeaf_IsRefused(long index, long size)
    {
        Assert.False(new Inclusion(index, size, Roots[0], [], Roots[0]).Verifies);
        Assert.False(new Inclusion(index, size, LeafHashes[0], [], LeafHashes[0]).Verifies);
        Assert.False(new Inclusion(index, size, LeafHashes[1], [LeafHashes[0]], Roots[2]).Verifies);
    }
}
