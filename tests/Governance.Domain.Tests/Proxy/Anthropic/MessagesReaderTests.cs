using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Anthropic;

namespace Governance.Domain.Tests.Proxy.Anthropic;

public sealed class MessagesReaderTests
{
    private readonly MessagesReader _reader = new();

    private const string Whole = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5-5","content":[{"type":"thinking","thinking":"Hm é","signature":"AAAA"},
         {"type":"text","text":"Hello","citations":[{"cited_text":"not generated"}]},{"type":"tool_use","id":"t","name":"n","input":{"q":1}},
         {"type":"web_search_tool_result","content":[{"title":"not generated"}]}],"stop_reason":"end_turn",
         "usage":{"input_tokens":25,"output_tokens":90,"service_tier":"priority","inference_geo":"us"}}
        """;

    [Fact]
    public void Read_WholeBody_TellsModelTierUsageAndContent()
    {
        Assert.Equal(AnswerPart.Content, Read(Whole));
        Assert.Equal(("claude-sonnet-5-5", "priority"), (_reader.Model, _reader.ServiceTier));
        Assert.Equal(new TokenUsage(Input: 25, Output: 90), _reader.Usage);
        Assert.Equal(17, _reader.ContentBytes); // "Hm é" 5, "Hello" 5, {"q":1} 7
        Assert.Null(_reader.PromptUsage);
    }

    [Theory]
    // plain
    [InlineData("""{"input_tokens":10,"output_tokens":5}""", 10, 0, 0, 0, 5, 0)]
    // input leaves out what was cached: the prompt is 10 + 400 + 300
    [InlineData("""{"input_tokens":10,"cache_read_input_tokens":400,"cache_creation_input_tokens":300,"output_tokens":5}""", 10, 400, 300, 0, 5, 0)]
    // without the split all writes are of five minutes
    [InlineData("""{"input_tokens":10,"cache_creation_input_tokens":300,"cache_creation":null,"output_tokens":5}""", 10, 0, 300, 0, 5, 0)]
    [InlineData("""{"input_tokens":10,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":5}""", 10, 0, 100, 200, 5, 0)]
    [InlineData("""{"cache_creation":{"ephemeral_1h_input_tokens":300,"ephemeral_5m_input_tokens":0},"cache_creation_input_tokens":300}""", 0, 0, 0, 300, 0, 0)]
    // a split that names 50 of 300: the rest is of five minutes
    [InlineData("""{"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_1h_input_tokens":50}}""", 0, 0, 250, 50, 0, 0)]
    // a split without a sum, and one above it
    [InlineData("""{"cache_creation":{"ephemeral_5m_input_tokens":7,"ephemeral_1h_input_tokens":8}}""", 0, 0, 7, 8, 0, 0)]
    [InlineData("""{"cache_creation_input_tokens":10,"cache_creation":{"ephemeral_5m_input_tokens":7,"ephemeral_1h_input_tokens":8}}""", 0, 0, 7, 8, 0, 0)]
    // thinking is part of the output, and never more than it
    [InlineData("""{"input_tokens":1,"output_tokens":90,"output_tokens_details":{"thinking_tokens":40}}""", 1, 0, 0, 0, 90, 40)]
    [InlineData("""{"input_tokens":1,"output_tokens":30,"output_tokens_details":{"thinking_tokens":40}}""", 1, 0, 0, 0, 30, 30)]
    // a compaction is not above: 23,000 + 180,000 and 1,000 + 3,500
    [InlineData("""{"input_tokens":23000,"output_tokens":1000,"iterations":[{"type":"compaction","input_tokens":180000,"output_tokens":3500},{"type":"message","input_tokens":23000,"output_tokens":1000}]}""", 203000, 0, 0, 0, 4500, 0)]
    // the loop of a server tool is above already
    [InlineData("""{"input_tokens":300,"output_tokens":30,"iterations":[{"type":"message","input_tokens":100,"output_tokens":10},{"type":"message","input_tokens":200,"output_tokens":20}]}""", 300, 0, 0, 0, 30, 0)]
    // an advisor is not: 412 + 823, 531 + 1,612
    [InlineData("""{"input_tokens":412,"output_tokens":531,"iterations":[{"type":"message","input_tokens":412,"output_tokens":89},{"type":"advisor_message","model":"claude-opus-5","input_tokens":823,"output_tokens":1612},{"type":"message","input_tokens":1348,"output_tokens":442}]}""", 1235, 0, 0, 0, 2143, 0)]
    // a declined attempt that put out 7 is billed, the one that served is above: 412 + 535, 264 + 7
    [InlineData("""{"input_tokens":412,"output_tokens":264,"iterations":[{"type":"message","model":"claude-fable-5","input_tokens":535,"output_tokens":7},{"type":"fallback_message","model":"claude-opus-5","input_tokens":412,"output_tokens":264}]}""", 947, 0, 0, 0, 271, 0)]
    // a declined attempt that put out nothing is not billed
    [InlineData("""{"input_tokens":412,"output_tokens":264,"iterations":[{"type":"message","model":"claude-fable-5","input_tokens":535,"output_tokens":0},{"type":"fallback_message","model":"claude-opus-5","input_tokens":412,"output_tokens":264}]}""", 412, 0, 0, 0, 264, 0)]
    // caches of an iteration keep their classes: reads 1 + 20, five minutes 2 + 30, an hour 40
    [InlineData("""{"input_tokens":3,"cache_read_input_tokens":1,"cache_creation_input_tokens":2,"output_tokens":4,"iterations":[{"type":"compaction","input_tokens":10,"cache_read_input_tokens":20,"cache_creation_input_tokens":70,"cache_creation":{"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":40},"output_tokens":50}]}""", 13, 21, 32, 40, 54, 0)]
    // a kind that nobody knows is not free; one without a kind is a message
    [InlineData("""{"input_tokens":1,"output_tokens":1,"iterations":[{"type":"oracle","input_tokens":5,"output_tokens":6},{"input_tokens":9,"output_tokens":9}]}""", 6, 0, 0, 0, 7, 0)]
    [InlineData("""{"input_tokens":1,"output_tokens":1,"iterations":null}""", 1, 0, 0, 0, 1, 0)]
    public void Read_Usage_IsCountedByClass(string usage, long input, long cached, long write, long write1h, long output, long reasoning)
    {
        Read($$"""{"type":"message","content":[],"usage":{{usage}}}""");
        Assert.Equal(new TokenUsage(input, cached, write, write1h, output, reasoning), _reader.Usage);
    }

    [Theory]
    [InlineData("bio", 947)] // 412 + 535
    [InlineData("frontier_llm", 947)]
    [InlineData("reasoning_extraction", 947)]
    [InlineData("cyber", 412)]
    public void Read_DeclineBeforeOutput_IsBilledByItsCategory(string category, long input)
    {
        Read($$$"""
            {"type":"message","model":"claude-opus-5","usage":{"input_tokens":412,"output_tokens":264,"iterations":[
              {"type":"message","model":"claude-fable-5","input_tokens":535,"output_tokens":0},{"type":"fallback_message","model":"claude-opus-5","input_tokens":412,"output_tokens":264}]},
             "content":[{"type":"fallback","from":{"model":"claude-fable-5"},"to":{"model":"claude-opus-5"},"trigger":{"type":"refusal","category":"{{{category}}}"}}]}
            """);
        Assert.Equal(new TokenUsage(Input: input, Output: 264), _reader.Usage);
    }

    [Fact]
    public void Read_ServerTools_AreCountedByThePiece()
    {
        Read("""{"usage":{"input_tokens":1,"server_tool_use":{"web_search_requests":3,"web_fetch_requests":5,"code_execution_requests":2,"other_requests":1,"x":null}}}""");
        Assert.Equal(new UnitUsage(Searches: 3, ToolCalls: 3), _reader.Units); // fetches cost their tokens only
    }

    [Theory]
    [InlineData("""{"type":"message","content":[]}""", AnswerPart.Content)]
    [InlineData("""{"input_tokens":14}""", AnswerPart.Content)]
    [InlineData("""{"data":[{"type":"model","id":"claude-sonnet-5-5"}],"has_more":false}""", AnswerPart.Content)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"m"},"request_id":"r"}""", AnswerPart.Error)]
    [InlineData("""{"error":{"type":"overloaded_error"}}""", AnswerPart.Error)]
    [InlineData("""{"error":"overloaded"}""", AnswerPart.Error)]
    [InlineData("""{"type":"error"}""", AnswerPart.Error)]
    [InlineData("""{"error":null}""", AnswerPart.Content)]
    [InlineData("", AnswerPart.Garbage)]
    [InlineData("null", AnswerPart.Garbage)]
    [InlineData("[]", AnswerPart.Garbage)]
    [InlineData("<html>", AnswerPart.Garbage)]
    [InlineData("{\"content\":[", AnswerPart.Garbage)]
    [InlineData("{} {}", AnswerPart.Garbage)]
    public void Read_Document_IsOfItsKind(string json, AnswerPart expected)
    {
        Assert.Equal(expected, Read(json));
        Assert.Null(_reader.Usage);
    }

    [Fact]
    public void Read_Error_TellsItsType()
    {
        Read("""{"type":"error","error":{"type":"rate_limit_error","message":"m"}}""");
        Assert.Equal("rate_limit_error", _reader.ErrorCode);
    }

    [Theory]
    [InlineData("-5", 0)]
    [InlineData("99999999999999999999999", 0)]
    [InlineData("9223372036854775807", int.MaxValue)]
    [InlineData("1.5", 0)]
    [InlineData("\"12\"", 0)]
    [InlineData("null", 0)]
    [InlineData("{\"a\":[1]}", 0)]
    public void Read_AbsurdCount_IsClamped(string count, long expected)
    {
        Assert.Equal(AnswerPart.Content, Read($$$"""{"usage":{"input_tokens":{{{count}}},"output_tokens":{{{count}}},"cache_read_input_tokens":{{{count}}},"iterations":[{"type":"compaction","input_tokens":{{{count}}} }] } }"""));
        Assert.Equal(new TokenUsage(Input: expected, CachedInput: expected, Output: expected), _reader.Usage);
    }

    [Fact]
    public void Read_AnyCounts_ClassesAddUp() => Law.Holds(
        Gen.Choose(-10, 1000).ArrayOf(14),
        n =>
        {
            var reader = new MessagesReader();
            reader.ReadBody(Encoding.UTF8.GetBytes($$$"""
                {"usage":{"input_tokens":{{{n[0]}}},"cache_read_input_tokens":{{{n[1]}}},"cache_creation_input_tokens":{{{n[2]}}},
                 "cache_creation":{"ephemeral_5m_input_tokens":{{{n[3]}}},"ephemeral_1h_input_tokens":{{{n[4]}}} },"output_tokens":{{{n[5]}}},"output_tokens_details":{"thinking_tokens":{{{n[6]}}} },
                 "iterations":[{"type":"advisor_message","input_tokens":{{{n[7]}}},"cache_read_input_tokens":{{{n[8]}}},"cache_creation_input_tokens":{{{n[9]}}},
                 "cache_creation":{"ephemeral_5m_input_tokens":{{{n[10]}}},"ephemeral_1h_input_tokens":{{{n[11]}}} },"output_tokens":{{{n[12]}}} },{"type":"message","input_tokens":{{{n[13]}}} }] } }
                """));
            var c = n.Select(count => Math.Max(0L, count)).ToArray();
            var usage = reader.Usage!.Value;
            Assert.Equal(c[0] + c[1] + Math.Max(c[2], c[3] + c[4]) + c[7] + c[8] + Math.Max(c[9], c[10] + c[11]), usage.Prompt);
            Assert.Equal((c[5] + c[12], c[4] + c[11]), (usage.Completion, usage.CacheWrite1h));
            Assert.True(usage is { Input: >= 0, CachedInput: >= 0, CacheWrite: >= 0, Reasoning: >= 0 } && usage.Reasoning <= usage.Output);
        });

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(
            Whole,
            """{"type":"error","error":{"type":"overloaded_error","message":"m"}}""",
            """{"usage":{"iterations":[[],{"type":"fallback_message","model":"m","cache_creation":{"ephemeral_1h_input_tokens":3}}],"server_tool_use":{"a":1}}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}"""),
        json =>
        {
            var reader = new MessagesReader();
            reader.ReadBody(json);
            reader.ReadFrame(new StreamFrame(default, json));
            Assert.True(reader.Usage is null or { Input: >= 0, CachedInput: >= 0, CacheWrite: >= 0, CacheWrite1h: >= 0, Output: >= 0, Reasoning: >= 0 });
        },
        small: 2_000, large: 300_000);

    private AnswerPart Read(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));
}
