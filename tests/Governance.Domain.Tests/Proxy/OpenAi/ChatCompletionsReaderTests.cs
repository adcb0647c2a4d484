using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;
using Governance.Testing.Upstream;

namespace Governance.Domain.Tests.Proxy.OpenAi;

public sealed class ChatCompletionsReaderTests
{
    private readonly ChatCompletionsReader _reader = new();

    [Fact]
    public void Read_WholeBody_TellsModelTierUsageAndContent()
    {
        var kind = Read(Replies.Completion("gpt-5-mini-2025-08-07", "Hello", prompt: 100, completion: 40, cached: 30, reasoning: 15, serviceTier: "flex"));
        Assert.Equal(AnswerPart.Content, kind);
        Assert.Equal(("gpt-5-mini-2025-08-07", "flex", 5L, true), (_reader.Model, _reader.ServiceTier, _reader.ContentBytes, _reader.Understood));
        Assert.Equal(new TokenUsage(Input: 70, CachedInput: 30, Output: 40, Reasoning: 15), _reader.Usage);
    }

    [Fact]
    public void Read_CacheWrites_AreTakenOutOfThePrompt()
    {
        Read("""{"usage":{"prompt_tokens":100,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":20,"cache_write_tokens":50}}}""");
        Assert.Equal(new TokenUsage(Input: 30, CachedInput: 20, CacheWrite: 50, Output: 1), _reader.Usage);
    }

    [Theory]
    [InlineData(100, 20, 0, 30, 50, 20, 30)] // 100 - 20 - 30 = 50
    [InlineData(100, 60, 0, 90, 0, 60, 40)] // cached reads are text first: audio gets what is left, 100 - 60
    [InlineData(100, 60, 30, 50, 0, 60, 10)] // 100 - 60 - 30
    [InlineData(100, 150, 0, 5, 0, 100, 0)]
    [InlineData(0, 0, 0, 5, 0, 0, 0)]
    public void Read_AudioHeard_IsTakenOutOfTheText(int prompt, int cached, int write, int audio, long text, long read, long heard)
    {
        Read($$$"""{"usage":{"prompt_tokens":{{{prompt}}},"prompt_tokens_details":{"audio_tokens":{{{audio}}},"cache_write_tokens":{{{write}}},"cached_tokens":{{{cached}}} } } }""");
        Assert.Equal((text, read, heard, (long)prompt), (_reader.Usage!.Value.Input, _reader.Usage.Value.CachedInput, _reader.Usage.Value.AudioInput, _reader.Usage.Value.Prompt));
    }

    [Theory]
    [InlineData(200, 150, 10, 50, 10, 150)] // 200 - 150 = 50
    [InlineData(30, 50, 5, 0, 0, 30)]
    [InlineData(100, 80, 60, 20, 20, 80)] // reasoning is text, of which there are 20
    public void Read_AudioSpoken_IsTakenOutOfTheText(int completion, int audio, int reasoning, long text, long reasoned, long spoken)
    {
        Read($$$"""{"usage":{"completion_tokens_details":{"audio_tokens":{{{audio}}},"reasoning_tokens":{{{reasoning}}} },"completion_tokens":{{{completion}}} } }""");
        Assert.Equal(new TokenUsage(Output: text, Reasoning: reasoned, AudioOutput: spoken), _reader.Usage);
    }

    [Fact]
    public void Read_AzureRefusal_IsAnErrorWithItsCode()
    {
        var part = Read("""{"error":{"inner_error":{"code":"x"},"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"},"message":"m","param":"prompt","type":null,"status":400}}""");
        Assert.Equal((AnswerPart.Error, "content_filter"), (part, _reader.ErrorCode));
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}""", AnswerPart.UsageOnly)]
    [InlineData("""{"choices":[{"delta":{"content":"x"}}],"usage":null}""", AnswerPart.Content)]
    [InlineData("""{"choices":[],"usage":null,"prompt_filter_results":[]}""", AnswerPart.Content)]
    [InlineData("""{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}""", AnswerPart.Content)]
    [InlineData("""{"error":{"message":"m","type":"server_error","code":null}}""", AnswerPart.Error)]
    [InlineData("""{"error":"overloaded"}""", AnswerPart.Error)]
    [InlineData("""{"error":null,"choices":[]}""", AnswerPart.Content)]
    [InlineData("{}", AnswerPart.Content)]
    [InlineData("", AnswerPart.Garbage)]
    [InlineData("null", AnswerPart.Garbage)]
    [InlineData("[]", AnswerPart.Garbage)]
    [InlineData("<html>", AnswerPart.Garbage)]
    [InlineData("{\"choices\":[", AnswerPart.Garbage)]
    [InlineData("{} {}", AnswerPart.Garbage)]
    public void Read_Document_IsOfItsKind(string json, AnswerPart expected) => Assert.Equal(expected, Read(json));

    [Theory]
    [InlineData("""{"error":{"type":"server_error","code":"overloaded"}}""", "overloaded")]
    [InlineData("""{"error":{"type":"server_error","code":null}}""", "server_error")]
    [InlineData("""{"error":{"type":"rate_limit","code":429}}""", "rate_limit")]
    [InlineData("""{"error":"overloaded"}""", null)]
    public void Read_Error_TellsItsCode(string json, string? expected)
    {
        Read(json);
        Assert.Equal(expected, _reader.ErrorCode);
    }

    [Fact]
    public void Read_Chunks_KeepTheLastUsageAndAddUpContent()
    {
        foreach (var sse in (string[])[Replies.Chunk("Hel"), Replies.Chunk("lo"), Replies.UsageChunk(9, 3)]) Read(sse["data: ".Length..]);
        Assert.Equal(5, _reader.ContentBytes);
        Assert.Equal(new TokenUsage(Input: 9, Output: 3), _reader.Usage);
    }

    [Theory]
    [InlineData("-5", 0)]
    [InlineData("0", 0)]
    [InlineData("99999999999999999999999", 0)]
    [InlineData("9223372036854775807", int.MaxValue)]
    [InlineData("1.5", 0)]
    [InlineData("\"12\"", 0)]
    [InlineData("null", 0)]
    [InlineData("{\"a\":[1]}", 0)]
    public void Read_AbsurdCount_IsClamped(string count, long expected)
    {
        Assert.NotEqual(AnswerPart.Garbage, Read($$"""{"usage":{"prompt_tokens":{{count}},"completion_tokens":{{count}} } }"""));
        Assert.Equal((expected, expected), (_reader.Usage!.Value.Prompt, _reader.Usage.Value.Output));
    }

    [Fact]
    public void Read_AnyCounts_ClassesAreDisjointAndAddUp() => Law.Holds(
        from prompt in Gen.Choose(-10, 1000)
        from cached in Gen.Choose(-10, 2000)
        from write in Gen.Choose(-10, 2000)
        from completion in Gen.Choose(-10, 1000)
        from reasoning in Gen.Choose(-10, 2000)
        from heard in Gen.Choose(-10, 2000)
        from spoken in Gen.Choose(-10, 2000)
        select (prompt, cached, write, completion, reasoning, heard, spoken),
        counts =>
        {
            var reader = new ChatCompletionsReader();
            reader.ReadBody(Encoding.UTF8.GetBytes(
                $$$"""{"usage":{"prompt_tokens":{{{counts.prompt}}},"completion_tokens":{{{counts.completion}}},"prompt_tokens_details":{"cached_tokens":{{{counts.cached}}},"cache_write_tokens":{{{counts.write}}},"audio_tokens":{{{counts.heard}}} },"completion_tokens_details":{"reasoning_tokens":{{{counts.reasoning}}},"audio_tokens":{{{counts.spoken}}} } } }"""));
            var usage = reader.Usage!.Value;
            Assert.Equal(Math.Max(0, counts.prompt), usage.Prompt);
            Assert.Equal(Math.Max(0, counts.completion), usage.Completion);
            Assert.True(usage is { Input: >= 0, CachedInput: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0, AudioInput: >= 0, AudioOutput: >= 0 } && usage.Reasoning <= usage.Output);
        });

    [Theory]
    [InlineData("""{"model":"a\u0000b","service_tier":"\u0001","error":{"code":"\u0000x"}}""")]
    [InlineData("""{"model":"x\ud83d\ude00"}""")]
    public void Read_TextThatADatabaseRefuses_IsMadeStorable(string json)
    {
        Read(json.Replace("x\\ud83d", new string('x', 199) + "\\ud83d", StringComparison.Ordinal));
        foreach (var text in new[] { _reader.Model, _reader.ServiceTier, _reader.ErrorCode }.OfType<string>())
        {
            Assert.DoesNotContain(text, char.IsControl);
            Assert.True(text.Length <= 200);
            Assert.Equal(text, Encoding.UTF8.GetString(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text)));
        }
    }

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(Replies.Completion(), Replies.Chunk("x")[6..], Replies.UsageChunk()[6..], Replies.Error("m", code: "c"), """{"choices":[[{"content":"x"}]],"usage":{}}"""),
        json => new ChatCompletionsReader().ReadBody(json),
        small: 5_000, large: 1_000_000);

    private AnswerPart Read(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));
}
