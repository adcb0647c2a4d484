using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Gemini;

namespace Governance.Domain.Tests.Proxy.Gemini;

public sealed class GeminiStreamTests
{
    private static readonly string[] Chunks =
    [
        """{"candidates":[{"content":{"parts":[{"text":"Hm é","thought":true}],"role":"model"}}],"usageMetadata":{"promptTokenCount":12,"totalTokenCount":12},"modelVersion":"gemini-3.8-flash"}""",
        """{"candidates":[{"content":{"parts":[{"text":"\"Grüße\" 😀 ]}"}]}}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":6,"thoughtsTokenCount":30,"totalTokenCount":48}}""",
        """{"candidates":[{"content":{"parts":[{"text":"!"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":12,"cachedContentTokenCount":4,"candidatesTokenCount":8,"thoughtsTokenCount":30,"totalTokenCount":50}}""",
    ];

    private static readonly TokenUsage Final = new(Input: 8, CachedInput: 4, Output: 38, Reasoning: 30); // 12 - 4, 8 + 30

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_Stream_KeepsTheLastUsage(bool sse)
    {
        var reader = new GeminiReader();
        var run = StreamRun.Of(Framing(sse), reader, Stream(sse, Chunks));
        Assert.Equal([AnswerPart.Content, AnswerPart.Content, AnswerPart.End], run.Parts);
        Assert.Equal((Final, "gemini-3.8-flash", sse ? "" : "0D0A"), (reader.Usage, reader.Model, run.Left));
        Assert.Equal(25, reader.ContentBytes); // "Hm é" 5; \"Grüße\" 11, with " 😀 ]}" 8 more; "!" 1
    }

    [Fact]
    public void Read_StreamCutAtAnyChunk_HasTheUsageUpToThere()
    {
        // The first chunk counts the prompt alone, which says nothing about the answer.
        TokenUsage?[] usages = [null, null, new TokenUsage(Input: 12, Output: 36, Reasoning: 30), Final];
        TokenUsage?[] prompts = [null, new TokenUsage(Input: 12), new TokenUsage(Input: 12), new TokenUsage(Input: 8, CachedInput: 4)];
        for (var count = 0; count <= Chunks.Length; count++)
        {
            var reader = new GeminiReader();
            StreamRun.Of(new GeminiEventFraming(), reader, Stream(sse: true, Chunks[..count]));
            Assert.Equal((usages[count], prompts[count]), (reader.Usage, reader.PromptUsage));
        }
    }

    [Fact]
    public void Read_BlockedPrompt_IsWholeAndCostsThePrompt()
    {
        var reader = new GeminiReader();
        var run = StreamRun.Of(new GeminiEventFraming(), reader, Stream(sse: true, """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}"""));
        Assert.Equal((AnswerPart.End, new TokenUsage(Input: 9)), (Assert.Single(run.Parts), reader.Usage));
    }

    [Fact]
    public void Read_ChunkBehindTheEnd_IsReadToo()
    {
        var reader = new GeminiReader();
        var run = StreamRun.Of(new GeminiEventFraming(), reader, Stream(sse: true, [.. Chunks,
            """{"candidates":[{"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a"]}}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":9}}"""]));
        Assert.Equal([AnswerPart.Content, AnswerPart.Content, AnswerPart.End, AnswerPart.End], run.Parts);
        Assert.Equal((new TokenUsage(Input: 12, Output: 9), new UnitUsage(Searches: 1)), (reader.Usage, reader.Units));
    }

    [Fact]
    public void Read_RepeatedGrounding_IsCountedOnce()
    {
        const string Grounded = """{"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"]}}]}""";
        var reader = new GeminiReader();
        StreamRun.Of(new GeminiEventFraming(), reader, Stream(sse: true, Grounded, Grounded, "{}"));
        Assert.Equal(2, reader.Units.Searches);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void Read_ErrorInAStream_IsTheError(bool sse, int after)
    {
        var reader = new GeminiReader();
        var run = StreamRun.Of(Framing(sse), reader, Stream(sse, [.. Chunks[..after], """{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}"""]));
        Assert.Equal([.. Enumerable.Repeat(AnswerPart.Content, after), AnswerPart.Error], run.Parts);
        Assert.Equal("UNAVAILABLE", reader.ErrorCode);
    }

    [Fact]
    public void Read_StreamInAnyPieces_IsTheSame() => Law.Holds(
        from sse in Gen.Elements(true, false)
        from sizes in Gen.Choose(1, 7).NonEmptyListOf()
        select (sse, sizes),
        sample =>
        {
            var stream = Stream(sample.sse, Chunks);
            var (whole, reader) = (StreamRun.Of(Framing(sample.sse), new GeminiReader(), stream), new GeminiReader());
            var run = StreamRun.Of(Framing(sample.sse), reader, stream, [.. sample.sizes]);
            Assert.Equal(whole.Frames, run.Frames);
            Assert.Equal(whole.Parts, run.Parts);
            Assert.Equal(whole.Left, run.Left);
            Assert.Equal((Final, 25L), (reader.Usage, reader.ContentBytes));
        });

    [Fact]
    public void Read_MutatedStream_Answers() => Law.Holds(
        from sse in Gen.Elements(true, false)
        from stream in Mutations.Of(Encoding.UTF8.GetString(Stream(sse, Chunks)))
        select (sse, stream),
        sample =>
        {
            var reader = new GeminiReader();
            try
            {
                StreamRun.Of(Framing(sample.sse), reader, sample.stream, 16);
            }
            catch (InvalidDataException) when (!sample.sse)
            {
                // What can never become a frame is said so, and by nothing else.
            }

            Assert.True(reader.Usage is null or { Input: >= 0, Output: >= 0 });
        },
        small: 2_000, large: 300_000);

    private static StreamFraming Framing(bool sse) => sse ? new GeminiEventFraming() : new JsonArrayFraming();

    private static byte[] Stream(bool sse, params string[] chunks) => Encoding.UTF8.GetBytes(
        sse ? string.Concat(chunks.Select(json => $"data: {json}\r\n\r\n")) : $"[{string.Join(",\r\n", chunks)}\n]\r\n");
}
