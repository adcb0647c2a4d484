using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Governance.Domain.Tests.Proxy;

/// <summary>Documents with some bytes changed, cut out, doubled or put in: what breaks readers.</summary>
internal static class Mutations
{
    private static readonly byte[] Interesting = [0, (byte)'"', (byte)'\\', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)',', (byte)':', (byte)'\n', (byte)'\r', 0x7f, 0x80, 0xc3, 0xed, 0xff];

    public static Gen<byte[]> Of(params string[] documents) =>
        from document in Gen.Elements(documents)
        from count in Gen.Choose(0, 6)
        from edits in EditOnce.ArrayOf(count)
        select edits.Aggregate(Encoding.UTF8.GetBytes(document), (bytes, edit) => edit(bytes));

    private static readonly Gen<Func<byte[], byte[]>> EditOnce =
        from kind in Gen.Choose(0, 4)
        from position in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 12)
        from value in Gen.OneOf(Gen.Elements(Interesting), Gen.Choose(0, 255).Select(code => (byte)code))
        select (Func<byte[], byte[]>)(bytes => Edit(bytes, kind, position, length, value));

    private static byte[] Edit(byte[] bytes, int kind, int position, int length, byte value)
    {
        if (bytes.Length == 0) return [value];
        var at = position % bytes.Length;
        var end = Math.Min(bytes.Length, at + length);
        return kind switch
        {
            0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => [.. bytes[..end], .. bytes[at..]],
            3 => [.. bytes[..at], value, .. bytes[at..]],
            _ => bytes[..at],
        };
    }
}
