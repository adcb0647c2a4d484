using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>
/// A sorted file of <c>SHA-1:count</c> lines, searched by halving: some thirty short reads find a hash in forty gigabytes. The file is
/// opened for each look-up, so that it can be replaced at any time.
/// </summary>
internal sealed class BreachList(string path)
{
    private const int HashDigits = 40;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef"u8);

    /// <summary>Longer than any line: a hash, a colon, a count and a line end.</summary>
    private const int LongestLine = 96;

    public bool Contains(string password)
    {
#pragma warning disable CA5350 // SHA-1 is what the list is made of; it protects nothing here.
        Span<byte> sought = stackalloc byte[HashDigits];
        Encoding.ASCII.GetBytes(Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password))), sought);
#pragma warning restore CA5350
        using var file = File.OpenHandle(path);
        var (low, high) = (0L, RandomAccess.GetLength(file));
        Span<byte> hash = stackalloc byte[HashDigits];
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var line = LineFrom(file, middle, hash);

            // No line begins in the upper half any more: whatever is sought lies below.
            if (line is not { } found || found.Start >= high)
            {
                high = middle;
                continue;
            }

            switch (sought.SequenceCompareTo(hash))
            {
                case 0: return true;
                case < 0: high = middle; break;
                default: low = found.End; break;
            }
        }

        return false;
    }

    /// <summary>Whether the first line is a hash and a count.</summary>
    public bool HasExpectedFormat()
    {
        using var file = File.OpenHandle(path);
        Span<byte> start = stackalloc byte[HashDigits + 1];
        return RandomAccess.Read(file, start, 0) == start.Length
            && start[HashDigits] == ':'
            && !start[..HashDigits].ContainsAnyExcept(HexDigits);
    }

    /// <summary>The first line that begins at a place or after it; its hash in capitals. None if there is no further one.</summary>
    private static (long Start, long End)? LineFrom(SafeFileHandle file, long from, Span<byte> hash)
    {
        Span<byte> buffer = stackalloc byte[2 * LongestLine];

        // A line begins at the start of the file, or where a line end comes right before.
        var readFrom = Math.Max(0, from - 1);
        var read = buffer[..RandomAccess.Read(file, buffer, readFrom)];
        var skip = from == 0 ? 0 : read.IndexOf((byte)'\n') + 1;
        if (from > 0 && skip == 0) return null;
        var line = read[skip..];
        if (line.Length < HashDigits) return null;
        for (var i = 0; i < HashDigits; i++) hash[i] = (byte)char.ToUpperInvariant((char)line[i]);
        var length = line.IndexOf((byte)'\n') is var end and >= 0 ? end + 1 : line.Length;
        return (readFrom + skip, readFrom + skip + length);
    }
}
