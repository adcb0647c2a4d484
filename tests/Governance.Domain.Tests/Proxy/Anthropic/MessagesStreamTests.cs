using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Anthropic;

namespace Governance.Domain.Tests.Proxy.Anthropic;

public sealed class MessagesStreamTests
{
    private static readonly string[] Events =
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[],"usage":{"input_tokens":25,"cache_read_input_tokens":400,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":3,"service_tier":"standard"}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm é"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"AAAA"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße 😀"}}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"n","input":{}}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"q\":1}"}}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":90,"output_tokens_details":{"thinking_tokens":40},"server_tool_use":{"web_search_requests":2}}}""",
        """{"type":"message_stop"}""",
    ];

    private static readonly TokenUsage Final = new(Input: 25, CachedInput: 400, CacheWrite: 100, CacheWrite1h: 200, Output: 90, Reasoning: 40);

    [Fact]
    public void Read_Stream_TellsTheTotalsOfItsEnd()
    {
        var reader = new MessagesReader();
        var run = StreamRun.Of(new SseFraming(), reader, Sse(Events));
        Assert.Equal([.. Enumerable.Repeat(AnswerPart.Content, 10), AnswerPart.End], run.Parts);
        Assert.Equal(Final, reader.Usage); // the totals name no input, which stays as message_start told it
        Assert.Equal(("claude-sonnet-5-5", "standard", new UnitUsage(Searches: 2)), (reader.Model, reader.ServiceTier, reader.Units));
        Assert.Equal(26, reader.ContentBytes); // "Hm é" 5, "Grüße 😀" 12, {\"q\":1} 9
    }

    [Fact]
    public void Read_StreamCutAtAnyEvent_HasNoUsageBeforeItsTotals()
    {
        long[] bytes = [0, 0, 0, 0, 5, 5, 5, 17, 17, 26, 26, 26]; // of content after so many events
        for (var count = 0; count <= Events.Length; count++)
        {
            var reader = new MessagesReader();
            StreamRun.Of(new SseFraming(), reader, Sse(Events[..count]));
            Assert.Equal(count >= 10 ? Final : null, reader.Usage);
            Assert.Equal(count >= 1 ? Final with { Output = 0, Reasoning = 0 } : null, reader.PromptUsage);
            Assert.Equal((bytes[count], count > 0), (reader.ContentBytes, reader.Understood));
        }
    }

    [Fact]
    public void Read_TotalsThatNameTheInput_ReplaceIt()
    {
        var reader = Read(
            """{"type":"message_start","message":{"model":"m","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}""",
            """{"type":"message_delta","delta":{},"usage":{"input_tokens":70,"cache_read_input_tokens":null,"cache_creation_input_tokens":8,"output_tokens":20}}""",
            """{"type":"message_delta","delta":{},"usage":{"output_tokens":30}}""");
        Assert.Equal(new TokenUsage(Input: 70, CachedInput: 5, CacheWrite: 8, Output: 30), reader.Usage);
    }

    [Fact]
    public void Read_TotalsWithoutOutput_AreNotTheUsage()
    {
        var reader = Read(
            """{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":12}}""",
            """{"type":"message_stop"}""");
        Assert.Null(reader.Usage);
        Assert.Equal(new TokenUsage(Input: 12), reader.PromptUsage);
    }

    [Fact]
    public void Read_UsageOfAnEventThatNobodyKnows_IsNotTheUsage() =>
        Assert.Null(Read("""{"type":"progress","usage":{"input_tokens":10,"output_tokens":1}}""").Usage);

    [Fact]
    public void Read_NamesInAnyOrder_AreRead() =>
        Assert.Equal(new TokenUsage(Output: 4), Read("""{"usage":{"output_tokens":4},"delta":{},"type":"message_delta"}""").Usage);

    [Fact]
    public void Read_FallbackInTheMiddle_CountsBothAttemptsAndNamesTheModelThatServed()
    {
        var reader = Read(
            """{"type":"message_start","message":{"model":"claude-fable-5","usage":{"input_tokens":535,"output_tokens":1}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Part"}}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"fallback","from":{"model":"claude-fable-5"},"to":{"model":"claude-opus-5"},"trigger":{"category":"cyber"}}}""",
            """{"type":"message_delta","delta":{},"usage":{"input_tokens":412,"output_tokens":264,"iterations":[{"type":"message","model":"claude-fable-5","input_tokens":535,"output_tokens":7},{"type":"fallback_message","model":"claude-opus-5","input_tokens":412,"output_tokens":264}]}}""",
            """{"type":"message_stop"}""");
        Assert.Equal("claude-opus-5", reader.Model);
        Assert.Equal(new TokenUsage(Input: 947, Output: 271), reader.Usage); // 412 + 535, 264 + 7
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Read_ErrorInAStream_IsTheError(int after)
    {
        var reader = new MessagesReader();
        var run = StreamRun.Of(new SseFraming(), reader, Sse([.. Events[..after], """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""]));
        Assert.Equal([.. Enumerable.Repeat(AnswerPart.Content, after), AnswerPart.Error], run.Parts);
        Assert.Equal(("overloaded_error", null), (reader.ErrorCode, reader.Usage));
    }

    [Fact]
    public void Read_StreamInAnyPieces_IsTheSame() => Law.Holds(
        Gen.Choose(1, 7).NonEmptyListOf(),
        sizes =>
        {
            var (whole, reader) = (StreamRun.Of(new SseFraming(), new MessagesReader(), Sse(Events)), new MessagesReader());
            var run = StreamRun.Of(new SseFraming(), reader, Sse(Events), [.. sizes]);
            Assert.Equal(whole.Frames, run.Frames);
            Assert.Equal(whole.Parts, run.Parts);
            Assert.Equal(whole.Left, run.Left);
            Assert.Equal((Final, 26L), (reader.Usage, reader.ContentBytes));
        });

    [Fact]
    public void Read_MutatedStream_Answers() => Law.Holds(
        Mutations.Of(Encoding.UTF8.GetString(Sse(Events))),
        stream =>
        {
            var reader = new MessagesReader();
            StreamRun.Of(new SseFraming(), reader, stream);
            Assert.True(reader.Usage is null or { Input: >= 0, Output: >= 0 });
        },
        small: 2_000, large: 300_000);

    private static MessagesReader Read(params string[] events)
    {
        var reader = new MessagesReader();
        StreamRun.Of(new SseFraming(), reader, Sse(events));
        return reader;
    }

    private static byte[] Sse(string[] events) =>
        Encoding.UTF8.GetBytes(string.Concat(events.Select(json => $"event: {json.Split('"')[3]}\ndata: {json}\n\n")));
}
