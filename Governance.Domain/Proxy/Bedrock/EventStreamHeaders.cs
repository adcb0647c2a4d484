using System.Buffers.Binary;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>The headers of one message of an event stream: each a name, a type, and a value whose length the type tells.</summary>
internal readonly ref struct EventStreamHeaders(ReadOnlySpan<byte> bytes)
{
    private const byte StringType = 7;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The text of a header; empty if there is none of that name, or it is no text.</summary>
    /// <exception cref="InvalidDataException">These are no headers.</exception>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> found = default;
        var rest = _bytes;
        while (!rest.IsEmpty)
        {
            var headerName = Take(ref rest, Take(ref rest, 1)[0]);
            var type = Take(ref rest, 1)[0];
            var value = Take(ref rest, LengthOf(type, ref rest));
            if (type == StringType && headerName.SequenceEqual(name)) found = value;
        }

        return found;
    }

    private static int LengthOf(byte type, scoped ref ReadOnlySpan<byte> rest) => type switch
    {
        0 or 1 => 0, // true, false
        2 => 1,
        3 => 2,
        4 => 4,
        5 or 8 => 8, // a long, a time
        6 or StringType => BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)),
        9 => 16, // a UUID
        _ => throw new InvalidDataException("A header is of an unknown type."),
    };

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, int length)
    {
        if (length > rest.Length) throw new InvalidDataException("A header is longer than all headers.");
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
