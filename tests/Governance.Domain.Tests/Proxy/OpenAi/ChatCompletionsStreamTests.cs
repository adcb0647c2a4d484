using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

/// <summary>Streams of chat completions as OpenAI, Azure and compatible servers send them, with what was worked out for them by hand.</summary>
public sealed class ChatCompletionsStreamTests
{
    private const string Usage = """data: {"model":"gpt-5","service_tier":"flex","choices":[],"usage":""";

    private static readonly Dictionary<string, (string Stream, StreamReading Expected)> Cases = new()
    {
        ["usage at the end"] = (
            Chunk("""{"role":"assistant","content":""}""") + Chunk("""{"content":"Hel"}""") + Chunk("""{"content":"lo"}""")
            + Usage + """{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}""" + "\n\ndata: [DONE]\n\n",
            new("Content Content Content UsageOnly End", new TokenUsage(Input: 12, Output: 5), 5, Model: "gpt-5", ServiceTier: "flex")),
        ["cached, written and reasoned"] = (
            Chunk("""{"content":"Hi"}""") + Usage
            + """{"prompt_tokens":2000,"completion_tokens":300,"prompt_tokens_details":{"cached_tokens":1024,"cache_write_tokens":512},"completion_tokens_details":{"reasoning_tokens":256}}}""" + "\n\ndata: [DONE]\n\n",
            // 2000 - 1024 - 512 = 464
            new("Content UsageOnly End", new TokenUsage(Input: 464, CachedInput: 1024, CacheWrite: 512, Output: 300, Reasoning: 256), 2, Model: "gpt-5", ServiceTier: "flex")),
        ["audio"] = (
            Chunk("""{"audio":{"id":"audio_1","transcript":"Good"}}""") + Chunk("""{"audio":{"data":"UklGRgAAAAA="}}""") + Usage
            + """{"prompt_tokens":120,"completion_tokens":200,"prompt_tokens_details":{"cached_tokens":20,"audio_tokens":50},"completion_tokens_details":{"audio_tokens":150,"reasoning_tokens":10}}}""" + "\n\ndata: [DONE]\n\n",
            // 120 - 20 - 50 = 50; 200 - 150 = 50
            new("Content Content UsageOnly End", new TokenUsage(Input: 50, CachedInput: 20, Output: 50, Reasoning: 10, AudioInput: 50, AudioOutput: 150), 4, Model: "gpt-5", ServiceTier: "flex")),
        ["tools and refusals"] = (
            Chunk("""{"tool_calls":[{"index":0,"id":"call_1","function":{"name":"find","arguments":"{}"}}]}""") + Chunk("""{"refusal":"No"}""") + "data: [DONE]\n\n",
            new("Content Content End", null, 4, Model: "gpt-5")),
        ["reasoning of a compatible server"] = (
            Chunk("""{"reasoning_content":"Think"}""") + Chunk("""{"content":"!","reasoning_content":null}""") + "data: [DONE]\n\n",
            new("Content Content End", null, 6, Model: "gpt-5")),
        ["Azure's filter before the model"] = (
            """data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""" + "\n\n"
            + Chunk("""{"content":"Hi"}""") + Usage + """{"prompt_tokens":9,"completion_tokens":3}}""" + "\n\ndata: [DONE]\n\n",
            new("Content Content UsageOnly End", new TokenUsage(Input: 9, Output: 3), 2, Model: "gpt-5", ServiceTier: "flex")),
        ["cut after Azure's filter"] = (
            """data: {"choices":[],"id":"","model":"","prompt_filter_results":[]}""" + "\n\n", new("Content", null, 0)),
        ["citations"] = (
            Chunk("""{"content":"Hi","annotations":[{"type":"url_citation","url_citation":{"url":"https://example.org","title":"Example"}}]}""") + "data: [DONE]\n\n",
            new("Content End", null, 2, Model: "gpt-5")),
        ["an error inside"] = (
            Chunk("""{"content":"Hi"}""") + """data: {"error":{"message":"m","type":"server_error","param":null,"code":"overloaded"}}""" + "\n\n",
            new("Content Error", null, 2, Model: "gpt-5", ErrorCode: "overloaded")),
        ["cut"] = (
            Chunk("""{"content":"Hello"}""") + """data: {"choices":[{"delta":{"con""", new("Content Garbage", null, 5, Model: "gpt-5")),
        ["keep-alive comments"] = (
            ": ping\n\n" + Chunk("""{"content":"é"}""") + ": ping\n\ndata: [DONE]\n\n", new("Content End", null, 2, Model: "gpt-5")),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadFrame_Stream_IsMetered(string name) =>
        Assert.Equal(Cases[name].Expected, StreamReading.Of(new ChatCompletionsReader(), Encoding.UTF8.GetBytes(Cases[name].Stream)));

    [Fact]
    public void ReadFrame_StreamInAnyPieces_IsMeteredTheSame() => Law.Holds(
        from one in Gen.Elements<(string Stream, StreamReading Expected)>(Cases.Values)
        from newline in Gen.Elements("\n", "\r\n", "\r")
        from sizes in Gen.Choose(1, 60).NonEmptyListOf()
        select (one.Expected, Stream: Encoding.UTF8.GetBytes(one.Stream.Replace("\n", newline, StringComparison.Ordinal)), Sizes: sizes.ToArray()),
        sample => Assert.Equal(sample.Expected, StreamReading.Of(new ChatCompletionsReader(), sample.Stream, sample.Sizes)));

    [Fact]
    public void ReadFrame_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of([.. Cases.Values.Select(one => one.Stream)]),
        stream => Assert.True(StreamReading.Of(new ChatCompletionsReader(), stream, 97).ContentBytes >= 0),
        small: 2_000, large: 300_000);

    private static string Chunk(string delta) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-5","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}],"usage":null}""" + "\n\n";
}
