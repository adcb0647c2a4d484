using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy;

public sealed class SseFramingTests
{
    private static readonly Gen<string> Line = Gen.Elements("data: {\"a\":1}", "data:x", "data", ": comment", "event: message", "id: 7", "retry: 10", "data: [DONE]", "é😀");

    private static readonly Gen<byte[]> Streams =
        from newline in Gen.Elements("\n", "\r\n", "\r")
        from events in Line.NonEmptyListOf().Select(lines => lines.ToArray()).ArrayOf()
        from emptyLines in Gen.Choose(1, 3)
        from rest in Gen.Elements("", "data: cut", "\n", "\r")
        select Encoding.UTF8.GetBytes(string.Concat(events.Select(lines => string.Join(newline, lines) + newline + string.Concat(Enumerable.Repeat(newline, emptyLines)))) + rest);

    [Fact]
    public void FirstFrameLength_AnyStream_EventsAndRestAreTheSameBytes() => Law.Holds(
        Gen.OneOf(Streams, Mutations.Of("data: a\n\ndata: b\r\n\r\n: c\r\rdata: d\n\n")),
        stream =>
        {
            var (events, rest) = Split(stream);
            Assert.Equal(stream, events.SelectMany(bytes => bytes).Concat(rest));
            Assert.All(events, bytes => Assert.Contains(bytes[^1], "\r\n"u8.ToArray()));
            Assert.All(events, bytes => Assert.Contains(bytes, value => value is not ((byte)'\r' or (byte)'\n')));
        },
        small: 2_000, large: 200_000);

    [Fact]
    public void FirstFrameLength_StreamInAnyPieces_CutsTheSameEvents() => Law.Holds(
        from stream in Streams
        from sizes in Gen.Choose(1, 7).ArrayOf()
        select (stream, sizes),
        sample =>
        {
            var whole = Split(sample.stream).Events;
            var pieces = new List<byte[]>();
            var (framing, buffer, taken) = (new SseFraming(), new List<byte>(), 0);
            for (var i = 0; taken < sample.stream.Length; i++)
            {
                var size = Math.Min(sample.sizes.Length == 0 ? 3 : sample.sizes[i % sample.sizes.Length], sample.stream.Length - taken);
                buffer.AddRange(sample.stream[taken..(taken + size)]);
                taken += size;
                while (framing.FirstFrameLength(buffer.ToArray()) is > 0 and var length)
                {
                    pieces.Add([.. buffer.Take(length)]);
                    buffer.RemoveRange(0, length);
                }
            }

            Assert.Equal(whole.Select(Data), pieces.Select(Data));
        });

    [Theory]
    [InlineData("data: a\n\ndata: b", 9)]
    [InlineData("data: a\r\n\r\ndata: b", 11)]
    [InlineData("data: a\r\rdata: b", 9)]
    [InlineData("data: a\n\r\n", 10)]
    [InlineData(": ping\n\n", 8)]
    [InlineData("\n\ndata: a\n\n", 11)] // empty lines before belong to what follows
    [InlineData("data: a\n", 0)]
    [InlineData("data: a", 0)]
    [InlineData("", 0)]
    [InlineData("\n\n\n", 0)]
    [InlineData("data: a\r\r", 0)] // the LF of a CR LF may still come
    public void FirstFrameLength_Buffer_IsTheFirstWholeEvent(string buffer, int expected) =>
        Assert.Equal(expected, new SseFraming().FirstFrameLength(Encoding.UTF8.GetBytes(buffer)));

    [Theory]
    [InlineData("data: {\"a\":1}\n\n", "{\"a\":1}")]
    [InlineData("data:x\r\n\r\n", "x")]
    [InlineData("data:  two\r\r", " two")]
    [InlineData("event: e\ndata: a\nid: 1\ndata: b\n\n", "a\nb")]
    [InlineData("data: a\r\ndata: b\r\n\r\n", "a\nb")]
    [InlineData(": comment\n\n", "")]
    [InlineData("data:\n\n", "")]
    [InlineData("dataset: x\n\n", "")]
    [InlineData("data: cut", "cut")]
    public void Read_Event_IsItsPayload(string sseEvent, string expected) => Assert.Equal(expected, Data(Encoding.UTF8.GetBytes(sseEvent)));

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of("data: a\ndata: b\n\n", "event: x\r\ndata:{}\r\n\r\n", ": c\r\r"), bytes => Data(bytes), small: 3_000, large: 300_000);

    private static string Data(byte[] sseEvent) => Encoding.UTF8.GetString(new SseFraming().Read(sseEvent).Data);

    private static (List<byte[]> Events, byte[] Left) Split(byte[] stream)
    {
        var events = new List<byte[]>();
        var (framing, position) = (new SseFraming(), 0);
        while (framing.FirstFrameLength(stream.AsSpan(position)) is > 0 and var length)
        {
            events.Add(stream[position..(position + length)]);
            position += length;
        }

        return (events, stream[position..]);
    }
}
