using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Domain.Tests.Proxy.Bedrock;

public sealed class EventStreamFramingTests
{
    /// <summary>Written by AWS's own encoder (AWSSDK.Core, EventStreamMessage): a number and a time stand before the headers that are read.</summary>
    private const string FromAws = "0000006a0000003f00c69db8016e04000000070174080000019b76daa8000b3a6576656e742d747970650700086d657461646174610d3a6d6573736167652d747970650700056576656e747b227573616765223a7b22696e707574546f6b656e73223a337d7d63d469c2";

    private static readonly Gen<byte[]> Message =
        from name in Gen.Elements("messageStart", "contentBlockDelta", "metadata", "chunk")
        from payload in Gen.Choose(0, 255).Select(code => (byte)code).ArrayOf()
        select Event(name, payload);

    [Fact]
    public void Read_MessageOfAws_IsItsEvent()
    {
        var message = Convert.FromHexString(FromAws);
        Assert.Equal(message.Length, new EventStreamFraming().FirstFrameLength(message));
        Assert.Equal(("metadata", """{"usage":{"inputTokens":3}}"""), Read(message));
    }

    [Fact]
    public void FirstFrameLength_StreamInAnyPieces_CutsTheSameMessages() => Law.Holds(
        from messages in Message.ArrayOf()
        from sizes in Gen.Choose(1, 40).NonEmptyListOf()
        select (Messages: messages, Sizes: sizes.ToArray()),
        sample =>
        {
            var stream = sample.Messages.SelectMany(bytes => bytes).ToArray();
            var (framing, buffer, taken, cut) = (new EventStreamFraming(), new List<byte>(), 0, new List<byte[]>());
            for (var i = 0; taken < stream.Length; i++)
            {
                var size = Math.Min(sample.Sizes[i % sample.Sizes.Length], stream.Length - taken);
                buffer.AddRange(stream[taken..(taken + size)]);
                taken += size;
                while (framing.FirstFrameLength(buffer.ToArray()) is > 0 and var length)
                {
                    cut.Add([.. buffer.Take(length)]);
                    buffer.RemoveRange(0, length);
                }
            }

            Assert.Empty(buffer);
            Assert.Equal(sample.Messages, cut);
        });

    [Fact]
    public void FirstFrameLength_EveryBeginningOfAMessage_IsNotWhole()
    {
        var message = Event("metadata", "{}"u8);
        for (var length = 0; length < message.Length; length++) Assert.Equal(0, new EventStreamFraming().FirstFrameLength(message.AsSpan(0, length)));
        Assert.Equal(message.Length, new EventStreamFraming().FirstFrameLength([.. message, .. message]));
    }

    [Theory]
    [InlineData(15, 0)] // shorter than prelude and checksum
    [InlineData(0, 0)]
    [InlineData(uint.MaxValue, 0)]
    [InlineData(16 + (128 * 1024) + (16 * 1024 * 1024) + 1, 0)]
    [InlineData(16, 1)] // headers longer than the message
    [InlineData(100, uint.MaxValue)]
    [InlineData(1024 * 1024, (128 * 1024) + 1)]
    public void FirstFrameLength_LengthsOutOfBounds_CannotBecomeAMessage(uint total, uint headers) =>
        Assert.Throws<InvalidDataException>(() => new EventStreamFraming().FirstFrameLength(Prelude(total, headers)));

    [Theory]
    [InlineData(16, 0)]
    [InlineData(16 + (128 * 1024) + (16 * 1024 * 1024), 128 * 1024)]
    public void FirstFrameLength_LengthsAtTheBounds_AreAwaited(uint total, uint headers) =>
        Assert.Equal(0, new EventStreamFraming().FirstFrameLength(Prelude(total, headers)));

    [Theory]
    [InlineData("exception", ":exception-type", "throttlingException", """{"message":"m"}""", "throttlingException", """{"message":"m"}""")]
    [InlineData("exception", ":exception-type", "throttlingException", "", "throttlingException", "{}")]
    [InlineData("exception", ":event-type", "metadata", "{}", "modelStreamErrorException", "{}")]
    [InlineData("error", ":error-code", "InternalFailure", "", "InternalFailure", "{}")]
    [InlineData("event", ":event-type", "initial-response", "", "initial-response", "")]
    [InlineData("event", ":exception-type", "x", "{}", "", "{}")]
    public void Read_Message_IsNamedByItsType(string type, string header, string value, string payload, string name, string data) =>
        Assert.Equal((name, data), Read(AwsEventStream.Write(Encoding.UTF8.GetBytes(payload), (":message-type", type), (header, value))));

    [Fact]
    public void LastFrame_Error_ReadsAsItsException()
    {
        var frame = new EventStreamFraming().LastFrame("serviceUnavailableException", """{"message":"m"}"""u8);
        Assert.Equal(("serviceUnavailableException", """{"message":"m"}"""), Read(frame));
        Assert.Contains("application/json", Encoding.UTF8.GetString(frame), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyOneBitFlipped_Throws()
    {
        var message = Event("metadata", """{"usage":{}}"""u8);
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            var broken = message.ToArray();
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => Read(broken));
        }
    }

    [Fact]
    public void Read_MutatedHeaders_AreReadOrThrowInvalidData() => Law.Holds(
        from headers in Mutations.Of("\u000d:message-type\u0007\0\u0005event\u000b:event-type\u0007\0\u0008metadata", "\u0001n\u0004aaaa\u0001t\u0008bbbbbbbb\u0001u\u0009cccccccccccccccc")
        select Sealed(headers, "{}"u8.ToArray()),
        message => ReadOrThrow(message), small: 5_000, large: 300_000);

    [Fact]
    public void Read_MutatedStream_EndsInBoundsOrThrowsInvalidData() => Law.Holds(
        from messages in Message.NonEmptyListOf()
        from cut in Gen.Choose(0, 30)
        from position in Gen.Choose(0, int.MaxValue)
        from value in Gen.Choose(0, 255)
        select (Bytes: messages.SelectMany(bytes => bytes).ToArray(), cut, position, value),
        sample =>
        {
            var bytes = sample.Bytes[..Math.Max(0, sample.Bytes.Length - sample.cut)];
            if (bytes.Length > 0) bytes[sample.position % bytes.Length] = (byte)sample.value;
            ReadOrThrow(bytes);
        },
        small: 3_000, large: 200_000);

    private static void ReadOrThrow(ReadOnlySpan<byte> stream)
    {
        try
        {
            var framing = new EventStreamFraming();
            while (framing.FirstFrameLength(stream) is > 0 and var length)
            {
                Assert.True(length <= stream.Length);
                var frame = framing.Read(stream[..length]);
                Assert.True(frame.Data.Length <= length && frame.Name.Length <= length);
                stream = stream[length..];
            }
        }
        catch (InvalidDataException)
        {
            // What a stream that is broken comes to.
        }
    }

    private static (string Name, string Data) Read(byte[] message)
    {
        var frame = new EventStreamFraming().Read(message);
        return (Encoding.UTF8.GetString(frame.Name), Encoding.UTF8.GetString(frame.Data));
    }

    private static byte[] Event(string name, ReadOnlySpan<byte> payload) => AwsEventStream.Write(
        payload, (":event-type", name), (":content-type", "application/json"), (":message-type", "event"));

    /// <summary>A prelude whose checksum is right, whatever it says.</summary>
    private static byte[] Prelude(uint total, uint headers)
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Checksum(prelude.AsSpan(0, 8)));
        return prelude;
    }

    /// <summary>A message whose checksums are right, whatever its headers are.</summary>
    private static byte[] Sealed(byte[] headers, byte[] payload)
    {
        byte[] message = [.. Prelude((uint)(16 + headers.Length + payload.Length), (uint)headers.Length), .. headers, .. payload, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Checksum(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    /// <summary>CRC-32 bit by bit, by the polynomial's text.</summary>
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
