using System.Security.Cryptography;

namespace Governance.Domain.Tests.Audit;

/// <summary>
/// RFC 6962, section 2.1, as the text has it: recursive, from the leaves' own bytes, with nothing remembered.
/// Written apart from the product so that tests can compare the two.
/// In the comments, D[a:b] are the leaves from a to b (exclusive), ":" joins lists, "||" joins bytes, and k is the largest
/// power of two smaller than n.
/// </summary>
internal static class Rfc6962Reference
{
    /// <summary>
    /// Section 2.1. MTH({}) = SHA-256(); MTH({d(0)}) = SHA-256(0x00 || d(0));
    /// for n > 1, MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])).
    /// </summary>
    public static byte[] Mth(ReadOnlySpan<byte[]> d)
    {
        if (d.Length == 0) return SHA256.HashData([]);
        if (d.Length == 1) return Leaf(d[0]);

        var k = LargestPowerOfTwoSmallerThan(d.Length);
        return Node(Mth(d[..k]), Mth(d[k..]));
    }

    /// <summary>
    /// Section 2.1.1. PATH(0, {d(0)}) = {}; for n > 1,
    /// PATH(m, D[n]) = PATH(m, D[0:k]) : MTH(D[k:n]) for m &lt; k and
    /// PATH(m, D[n]) = PATH(m - k, D[k:n]) : MTH(D[0:k]) for m >= k.
    /// </summary>
    public static byte[][] Path(int m, ReadOnlySpan<byte[]> d)
    {
        if (m < 0 || m >= d.Length) throw new ArgumentOutOfRangeException(nameof(m), m, "PATH is defined for 0 <= m < n.");
        if (d.Length == 1) return [];

        var k = LargestPowerOfTwoSmallerThan(d.Length);
        return m < k
            ? [.. Path(m, d[..k]), Mth(d[k..])]
            : [.. Path(m - k, d[k..]), Mth(d[..k])];
    }

    /// <summary>Section 2.1.2. PROOF(m, D[n]) = SUBPROOF(m, D[n], true); for m = n, what SUBPROOF says of it.</summary>
    public static byte[][] Proof(int m, ReadOnlySpan<byte[]> d)
    {
        if (m <= 0 || m > d.Length) throw new ArgumentOutOfRangeException(nameof(m), m, "PROOF is defined for 0 < m <= n.");
        return SubProof(m, d, b: true);
    }

    /// <summary>
    /// Section 2.1.2. SUBPROOF(m, D[m], true) = {}; SUBPROOF(m, D[m], false) = {MTH(D[m])}; for m &lt; n,
    /// SUBPROOF(m, D[n], b) = SUBPROOF(m, D[0:k], b) : MTH(D[k:n]) for m &lt;= k and
    /// SUBPROOF(m, D[n], b) = SUBPROOF(m - k, D[k:n], false) : MTH(D[0:k]) for m > k.
    /// </summary>
    private static byte[][] SubProof(int m, ReadOnlySpan<byte[]> d, bool b)
    {
        if (m == d.Length) return b ? [] : [Mth(d)];

        var k = LargestPowerOfTwoSmallerThan(d.Length);
        return m <= k
            ? [.. SubProof(m, d[..k], b), Mth(d[k..])]
            : [.. SubProof(m - k, d[k..], b: false), Mth(d[..k])];
    }

    public static byte[] Leaf(byte[] data) => SHA256.HashData([0x00, .. data]);

    public static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([0x01, .. left, .. right]);

    /// <summary>k &lt; n &lt;= 2k.</summary>
    private static int LargestPowerOfTwoSmallerThan(int n)
    {
        var k = 1;
        while (2 * k < n) k *= 2;
        return k;
    }
}
