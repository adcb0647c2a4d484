using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Gemini;

namespace Governance.Domain.Tests.Proxy.Gemini;

public sealed class JsonArrayFramingTests
{
    [Theory]
    [InlineData("""[{"a":1},{"b":2}]""", "[{\"a\":1}|,{\"b\":2}|]", """{"a":1}|{"b":2}|""")]
    [InlineData("[{}\r\n,\r\n{}\n]\n", "[{}|\r\n,\r\n{}|\n]", "{}|{}|")]
    [InlineData("""[{"a":"}]\"\\"}]""", """[{"a":"}]\"\\"}|]""", """{"a":"}]\"\\"}|""")]
    [InlineData("""[{"a":{"b":[{}]}}]""", """[{"a":{"b":[{}]}}|]""", """{"a":{"b":[{}]}}|""")]
    [InlineData(" [ ] ", " [ ]", "")]
    [InlineData("""[{"a":1},{"b":""", "[{\"a\":1}", """{"a":1}""")]
    [InlineData("[", "", "")]
    [InlineData("", "", "")]
    public void Split_Stream_IsItsObjects(string stream, string frames, string data)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        foreach (var size in (int[])[1, 2, 3, 1000])
        {
            var (cut, _) = Split(bytes, size);
            Assert.Equal((frames, data), (string.Join('|', cut), string.Join('|', cut.Select(Data))));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("x")]
    [InlineData("[1]")]
    [InlineData("[\"a\"]")]
    [InlineData("[[]]")]
    [InlineData("[,{}]")]
    [InlineData("[{},]")]
    [InlineData("[{}{}]")]
    [InlineData("[{}]]")]
    [InlineData("[{}][")]
    [InlineData("[{]")]
    [InlineData("data: {}")]
    public void Split_WhatCanNeverBecomeAFrame_Throws(string stream) =>
        Assert.Throws<InvalidDataException>(() => Split(Encoding.UTF8.GetBytes(stream), 1));

    [Fact]
    public void FirstFrameLength_LongObjectInSmallPieces_IsLookedAtOnce()
    {
        // 4 MB in pieces of 64 bytes: looking again each time would be 130 billion bytes.
        var buffer = Encoding.UTF8.GetBytes("[{\"a\":\"" + new string('x', 4_000_000) + "\"}");
        var framing = new JsonArrayFraming();
        for (var end = 64; end < buffer.Length; end += 64) Assert.Equal(0, framing.FirstFrameLength(buffer.AsSpan(0, end)));
        Assert.Equal(buffer.Length, framing.FirstFrameLength(buffer));
    }

    [Theory]
    [InlineData("[{\"a\":1}")]
    [InlineData("[{\"a\":1},{\"b\":2}")]
    [InlineData("")]
    public void LastFrame_AfterWhatWasSent_MakesAnArray(string sent)
    {
        var framing = new JsonArrayFraming();
        StreamRun.Of(framing, new GeminiReader(), Encoding.UTF8.GetBytes(sent));
        var whole = sent + Encoding.UTF8.GetString(framing.LastFrame(null, GeminiErrors.Instance.Body(ProxyErrors.ProviderCut)));
        using var array = JsonDocument.Parse(whole);
        Assert.Equal("UNAVAILABLE", array.RootElement[array.RootElement.GetArrayLength() - 1].GetProperty("error").GetProperty("status").GetString());
        if (sent.Length > 0) Assert.Contains("},\r\n{\"error\"", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_AnyStream_FramesAndRestAreTheSameBytesInAnyPieces() => Law.Holds(
        from count in Gen.Choose(0, 5)
        from objects in Gen.Elements("{}", """{"a":"]}\"{[\\"}""", """{"é😀":[{"b":[]},1]}""", "{\"a\":\n{}}").ArrayOf(count)
        from between in Gen.Elements(",", ",\r\n", "\n,\n")
        from sizes in Gen.Choose(1, 7).NonEmptyListOf()
        select ($"[{string.Join(between, objects)}\r\n]\n", objects, sizes.ToArray()),
        sample =>
        {
            var (stream, objects, sizes) = sample;
            var (frames, left) = Split(Encoding.UTF8.GetBytes(stream), sizes);
            Assert.Equal(stream, string.Concat(frames) + left);
            Assert.Equal([.. objects, ""], frames.Select(Data));
        },
        small: 2_000, large: 200_000);

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of("[{\"a\":1}", ",\r\n{\"a\":\"é\"}", "\n]"), bytes => Assert.True(bytes.AsSpan().EndsWith(new JsonArrayFraming().Read(bytes).Data)), small: 2_000, large: 300_000);

    private static string Data(string frame) => Encoding.UTF8.GetString(new JsonArrayFraming().Read(Encoding.UTF8.GetBytes(frame)).Data);

    private static (List<string> Frames, string Left) Split(byte[] stream, params int[] sizes)
    {
        var run = StreamRun.Of(new JsonArrayFraming(), new GeminiReader(), stream, sizes);
        return (run.Frames.Select(Text).ToList(), Text(run.Left));
    }

    private static string Text(string hex) => Encoding.UTF8.GetString(Convert.FromHexString(hex));
}
