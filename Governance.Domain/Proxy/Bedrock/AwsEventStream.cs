using System.Buffers.Binary;
using System.Text;

namespace Governance.Domain.Proxy.Bedrock;

/// <summary>
/// One message of <c>application/vnd.amazon.eventstream</c> (smithy.io, "Event stream encoding"): a prelude of the total length, the headers'
/// length and their checksum; headers; payload; a checksum of all of it.
/// </summary>
public static class AwsEventStream
{
    public const string MediaType = "application/vnd.amazon.eventstream";

    public const int MaxHeadersLength = 128 * 1024;
    public const int MaxPayloadLength = 16 * 1024 * 1024;

    internal const int PreludeLength = 12;
    internal const int MinLength = PreludeLength + ChecksumLength;
    private const int ChecksumLength = 4;
    private const int MaxLength = MinLength + MaxHeadersLength + MaxPayloadLength;
    private const byte StringType = 7;

    /// <summary>The length of the message that begins here; 0 while its prelude is not whole.</summary>
    /// <exception cref="InvalidDataException">No message begins so.</exception>
    internal static int LengthOf(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < PreludeLength) return 0;
        if (BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]) != Crc32.Of(buffer[..8])) throw new InvalidDataException("The prelude's checksum is wrong.");
        var (total, headers) = (BinaryPrimitives.ReadUInt32BigEndian(buffer), BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]));
        if (total is < MinLength or > MaxLength) throw new InvalidDataException("The message's length is out of bounds.");
        if (headers > MaxHeadersLength || headers > total - MinLength) throw new InvalidDataException("The headers are longer than allowed.");
        return (int)total;
    }

    /// <summary>Divides a whole message, whose checksum must be right.</summary>
    /// <exception cref="InvalidDataException">These bytes are no message.</exception>
    internal static void Divide(ReadOnlySpan<byte> message, out EventStreamHeaders headers, out ReadOnlySpan<byte> payload)
    {
        if (message.Length < MinLength || LengthOf(message) != message.Length) throw new InvalidDataException("This is not one whole message.");
        if (BinaryPrimitives.ReadUInt32BigEndian(message[^ChecksumLength..]) != Crc32.Of(message[..^ChecksumLength]))
            throw new InvalidDataException("The message's checksum is wrong.");
        var end = PreludeLength + (int)BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        headers = new EventStreamHeaders(message[PreludeLength..end]);
        payload = message[end..^ChecksumLength];
    }

    /// <summary>A message with headers that are all texts.</summary>
    public static byte[] Write(ReadOnlySpan<byte> payload, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var written = new List<byte>();
        foreach (var (name, value) in headers)
        {
            var (nameBytes, valueBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            written.AddRange([(byte)nameBytes.Length, .. nameBytes, StringType, (byte)(valueBytes.Length >> 8), (byte)valueBytes.Length, .. valueBytes]);
        }

        var message = new byte[MinLength + written.Count + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)written.Count);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.Of(message.AsSpan(0, 8)));
        written.CopyTo(message, PreludeLength);
        payload.CopyTo(message.AsSpan(PreludeLength + written.Count));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - ChecksumLength), Crc32.Of(message.AsSpan(0, message.Length - ChecksumLength)));
        return message;
    }
}
