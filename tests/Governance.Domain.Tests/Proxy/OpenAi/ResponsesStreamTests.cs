using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

/// <summary>Streams of the Responses API, with what was worked out for them by hand.</summary>
public sealed class ResponsesStreamTests
{
    private static readonly string Created = Event("response.created", """
        "response":{"object":"response","status":"in_progress","model":"gpt-5","service_tier":"auto","error":null,"output":[],"usage":null}
        """);

    private static readonly string Search = Event("response.output_item.done", """
        "item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}}
        """);

    private static readonly Dictionary<string, (string Stream, StreamReading Expected)> Cases = new()
    {
        ["completed"] = (
            Created + Event("response.output_text.delta", """ "delta":"Hel","obfuscation":"xyzxyz" """) + Event("response.output_text.delta", """ "delta":"lo" """)
            + Event("response.output_text.done", """ "text":"Hello" """) + End("completed", """ "input_tokens":12,"output_tokens":5 """),
            new("Content Content Content Content End", new TokenUsage(Input: 12, Output: 5), 5, Model: "gpt-5", ServiceTier: "default")),
        ["cached, written and reasoned"] = (
            Created + Event("response.reasoning_summary_text.delta", """ "delta":"Think" """)
            + End("completed", """ "input_tokens":3000,"input_tokens_details":{"cached_tokens":2048,"cache_write_tokens":900},"output_tokens":640,"output_tokens_details":{"reasoning_tokens":600} """),
            // 3000 - 2048 - 900 = 52
            new("Content Content End", new TokenUsage(Input: 52, CachedInput: 2048, CacheWrite: 900, Output: 640, Reasoning: 600), 5, Model: "gpt-5", ServiceTier: "default")),
        ["incomplete"] = (
            Created + Event("response.output_text.delta", """ "delta":"Hel" """) + End("incomplete", """ "input_tokens":9,"output_tokens":16 """),
            new("Content Content End", new TokenUsage(Input: 9, Output: 16), 3, Model: "gpt-5", ServiceTier: "default")),
        ["tools, counted once"] = (
            Created + Event("response.output_item.added", """ "item":{"type":"web_search_call","status":"in_progress"} """) + Search
            + Event("response.code_interpreter_call_code.delta", """ "delta":"1+1" """)
            + Event("response.output_item.done", """ "item":{"type":"code_interpreter_call","code":"1+1"} """)
            + Event("response.completed", """
                "response":{"status":"completed","model":"gpt-5","usage":{"input_tokens":8,"output_tokens":2},
                "output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"code_interpreter_call","code":"1+1"},{"type":"message","content":[{"text":"2"}]}]}
                """),
            new("Content Content Content Content Content End", new TokenUsage(Input: 8, Output: 2), 3, new UnitUsage(Searches: 1, ToolCalls: 1), "gpt-5", "auto")),
        ["arguments of functions"] = (
            Created + Event("response.function_call_arguments.delta", """ "delta":"{}" """) + Event("response.function_call_arguments.done", """ "arguments":"{}" """)
            + End("completed", """ "input_tokens":1,"output_tokens":1 """),
            new("Content Content Content End", new TokenUsage(Input: 1, Output: 1), 2, Model: "gpt-5", ServiceTier: "default")),
        ["sound"] = (
            Created + Event("response.audio.delta", """ "delta":"UklGRgAAAAA=" """) + Event("response.audio.transcript.delta", """ "delta":"Hi" """),
            new("Content Content Content", null, 2, Model: "gpt-5", ServiceTier: "auto")),
        ["failed, and paid for"] = (
            Created + Event("response.failed", """ "response":{"status":"failed","error":{"code":"server_error","message":"m"},"usage":{"input_tokens":7,"output_tokens":3}} """),
            new("Content Error", new TokenUsage(Input: 7, Output: 3), 0, Model: "gpt-5", ServiceTier: "auto", ErrorCode: "server_error")),
        ["an error as documented"] = (
            Created + Event("response.output_text.delta", """ "delta":"Hi" """) + Event("error", """ "code":"rate_limit_exceeded","message":"m","param":null """),
            new("Content Content Error", null, 2, Model: "gpt-5", ServiceTier: "auto", ErrorCode: "rate_limit_exceeded")),
        ["an error as it is sent"] = (
            Created + Event("error", """ "error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"m","param":"input"} """),
            new("Content Error", null, 0, Model: "gpt-5", ServiceTier: "auto", ErrorCode: "context_length_exceeded")),
        ["an error without a type"] = (
            """data: {"error":{"message":"m","type":"server_error","code":null}}""" + "\n\n", new("Error", null, 0, ErrorCode: "server_error")),
        ["cut after a search"] = (
            Created + Search + Event("response.output_text.delta", """ "delta":"Hello" """) + "event: response.output_text.delta\ndata: {\"type\":\"resp",
            new("Content Content Content Garbage", null, 5, new UnitUsage(Searches: 1), "gpt-5", "auto")),
        ["events of other kinds"] = (
            Event("keepalive", """ "delta":{"stdout":"x"} """) + Event("response.unheard_of", """ "item":null,"response":7,"delta":null """) + "data: {}\n\ndata: [DONE]\n\n",
            new("Content Content Garbage Garbage", null, 0)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadFrame_Stream_IsMetered(string name) =>
        Assert.Equal(Cases[name].Expected, StreamReading.Of(new ResponsesReader(), Encoding.UTF8.GetBytes(Cases[name].Stream)));

    [Fact]
    public void ReadFrame_StreamInAnyPieces_IsMeteredTheSame() => Law.Holds(
        from one in Gen.Elements<(string Stream, StreamReading Expected)>(Cases.Values)
        from newline in Gen.Elements("\n", "\r\n", "\r")
        from sizes in Gen.Choose(1, 60).NonEmptyListOf()
        select (one.Expected, Stream: Encoding.UTF8.GetBytes(one.Stream.Replace("\n", newline, StringComparison.Ordinal)), Sizes: sizes.ToArray()),
        sample => Assert.Equal(sample.Expected, StreamReading.Of(new ResponsesReader(), sample.Stream, sample.Sizes)));

    [Fact]
    public void ReadFrame_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of([.. Cases.Values.Select(one => one.Stream)]),
        stream => Assert.True(StreamReading.Of(new ResponsesReader(), stream, 97).ContentBytes >= 0),
        small: 2_000, large: 300_000);

    private static string End(string status, string usage) => Event(
        $"response.{status}", $$$""" "response":{"status":"{{{status}}}","model":"gpt-5","service_tier":"default","error":null,"output":[{"type":"message","content":[{"text":"Hello"}]}],"usage":{{{{usage}}}}} """);

    private static string Event(string type, string members) =>
        $$"""event: {{type}}{{"\n"}}data: {"type":"{{type}}","sequence_number":4,{{members.ReplaceLineEndings(" ").Trim()}}}{{"\n\n"}}""";
}
