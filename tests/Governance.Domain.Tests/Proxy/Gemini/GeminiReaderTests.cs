using System.Text;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Gemini;

namespace Governance.Domain.Tests.Proxy.Gemini;

public sealed class GeminiReaderTests
{
    private readonly GeminiReader _reader = new();

    private const string Whole = """
        {"candidates":[{"content":{"parts":[{"text":"Grüße","thoughtSignature":"AAAA"},{"functionCall":{"name":"f"}},{"inlineData":{"data":"AAAAAAAA"}},{"codeExecutionResult":{"output":"x"}}],"role":"model"},"finishReason":"STOP","index":0}],
         "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":20,"totalTokenCount":30,"serviceTier":"FLEX"},"modelVersion":"gemini-3.8-flash","responseId":"r"}
        """;

    [Fact]
    public void Read_WholeBody_TellsModelTierUsageAndContent()
    {
        Assert.Equal(AnswerPart.Content, Read(Whole));
        Assert.Equal(("gemini-3.8-flash", "flex"), (_reader.Model, _reader.ServiceTier));
        Assert.Equal(new TokenUsage(Input: 10, Output: 20), _reader.Usage);
        Assert.Equal(19, _reader.ContentBytes); // "Grüße" 7, {"name":"f"} 12
    }

    [Theory] // input, cached, output, reasoning, audio in, audio out, image in, image out
    // plain
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":15}""", 10, 0, 5, 0, 0, 0, 0, 0)]
    // the prompt holds what was cached
    [InlineData("""{"promptTokenCount":100,"cachedContentTokenCount":60,"candidatesTokenCount":5}""", 40, 60, 5, 0, 0, 0, 0, 0)]
    [InlineData("""{"promptTokenCount":10,"cachedContentTokenCount":60}""", 0, 10, 0, 0, 0, 0, 0, 0)]
    // candidates do not hold thoughts: 5 + 30
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":30}""", 10, 0, 35, 30, 0, 0, 0, 0)]
    // what tools read comes on top: 10 + 7
    [InlineData("""{"promptTokenCount":10,"toolUsePromptTokenCount":7,"candidatesTokenCount":5}""", 17, 0, 5, 0, 0, 0, 0, 0)]
    // media are classes of their own: 100 - 30 - 20 of text and video
    [InlineData("""{"promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"AUDIO","tokenCount":30},{"modality":"IMAGE","tokenCount":20},{"modality":"VIDEO","tokenCount":40}],"candidatesTokenCount":5}""", 50, 0, 5, 0, 30, 0, 20, 0)]
    // what was cached is no fresh audio (30 - 25) or image (20 - 20); fresh text is 100 - 55 - 5
    [InlineData("""{"promptTokenCount":100,"cachedContentTokenCount":55,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":30},{"modality":"IMAGE","tokenCount":20}],"cacheTokensDetails":[{"modality":"IMAGE","tokenCount":20},{"modality":"AUDIO","tokenCount":25},{"modality":"TEXT","tokenCount":10}]}""", 40, 55, 0, 0, 5, 0, 0, 0)]
    // an answer of text and an image: 1,300 - 1,290, and 20 thoughts
    [InlineData("""{"promptTokenCount":1,"candidatesTokenCount":1300,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}],"thoughtsTokenCount":20}""", 1, 0, 30, 20, 0, 0, 0, 1290)]
    // speech
    [InlineData("""{"promptTokenCount":4,"candidatesTokenCount":32,"candidatesTokensDetails":[{"tokenCount":32,"modality":"AUDIO"}]}""", 4, 0, 0, 0, 0, 32, 0, 0)]
    // details that say more than the sums are cut to them
    [InlineData("""{"promptTokenCount":10,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":8},{"modality":"IMAGE","tokenCount":8}],"candidatesTokenCount":3,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":2},{"modality":"AUDIO","tokenCount":2}]}""", 0, 0, 0, 0, 8, 3, 2, 0)]
    // an embedding, and a blocked prompt
    [InlineData("""{"promptTokenCount":9}""", 9, 0, 0, 0, 0, 0, 0, 0)]
    public void Read_Usage_IsCountedByClass(string usage, long input, long cached, long output, long reasoning, long audioIn, long audioOut, long imageIn, long imageOut)
    {
        Read($$"""{"candidates":[],"usageMetadata":{{usage}}}""");
        Assert.Equal(
            new TokenUsage(Input: input, CachedInput: cached, Output: output, Reasoning: reasoning, AudioInput: audioIn, AudioOutput: audioOut, ImageInput: imageIn, ImageOutput: imageOut),
            _reader.Usage);
    }

    [Theory]
    [InlineData("gemini-3.8-flash", """["a","b","","a"]""", 2)] // neither the empty one nor the second time
    [InlineData("gemini-2.5-pro", """["a","b"]""", 1)] // once a prompt
    [InlineData("gemini-3.8-flash", "[]", 0)]
    [InlineData("gemini-2.5-pro", "null", 0)]
    public void Read_Grounding_CountsSearchesAsTheyAreBilled(string model, string queries, long searches)
    {
        Read($$$"""{"candidates":[{"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],"webSearchQueries":{{{queries}}} } }],"modelVersion":"{{{model}}}"}""");
        Assert.Equal(new UnitUsage(Searches: searches), _reader.Units);
    }

    [Theory]
    [InlineData("""{"totalTokens":31,"promptTokensDetails":[{"modality":"TEXT","tokenCount":31}]}""", AnswerPart.Content)]
    [InlineData("""{"models":[{"name":"models/gemini-3.8-flash"}]}""", AnswerPart.Content)]
    [InlineData("""{"embedding":{"values":[0.1,-0.2]}}""", AnswerPart.Content)]
    [InlineData("""{"embeddings":[{"values":[0.1]}]}""", AnswerPart.Content)]
    [InlineData("{}", AnswerPart.Content)]
    [InlineData("""{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}""", AnswerPart.Error)]
    [InlineData("""[{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}]""", AnswerPart.Error)]
    [InlineData("""{"error":"x"}""", AnswerPart.Error)]
    [InlineData("""{"error":null}""", AnswerPart.Content)]
    [InlineData("[]", AnswerPart.Garbage)]
    [InlineData("[1]", AnswerPart.Garbage)]
    [InlineData("", AnswerPart.Garbage)]
    [InlineData("null", AnswerPart.Garbage)]
    [InlineData("<html>", AnswerPart.Garbage)]
    [InlineData("{\"candidates\":[", AnswerPart.Garbage)]
    [InlineData("{} {}", AnswerPart.Garbage)]
    public void Read_Document_IsOfItsKind(string json, AnswerPart expected)
    {
        Assert.Equal(expected, Read(json));
        Assert.Null(_reader.Usage);
    }

    [Theory]
    [InlineData("34.4s", 34_400)]
    [InlineData("7s", 7_000)]
    [InlineData("0.000000001s", 0)]
    [InlineData("99999999s", 86_400_000)] // a day at most
    [InlineData("-3s", null)]
    [InlineData("34.4", null)]
    [InlineData("s", null)]
    [InlineData("1e9s", null)]
    [InlineData("99999999999999999999999999999999999s", null)]
    public void Read_QuotaError_TellsCodeAndDelay(string delay, int? milliseconds)
    {
        Read($$$"""
            {"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","retryDelay":"1s"},
             {"retryDelay":"{{{delay}}}","@type":"type.googleapis.com/google.rpc.RetryInfo"},{"@type":"type.googleapis.com/google.rpc.Help"}]}}
            """);
        Assert.Equal(("RESOURCE_EXHAUSTED", milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : (TimeSpan?)null), (_reader.ErrorCode, _reader.RetryAfter));
    }

    [Fact]
    public void ReadHead_Tier_IsTheOneServed()
    {
        _reader.ReadHead(name => name == "x-gemini-service-tier" ? "Standard" : null);
        Assert.Equal("standard", _reader.ServiceTier);
    }

    [Theory]
    [InlineData("-5", 0)]
    [InlineData("99999999999999999999999", 0)]
    [InlineData("9223372036854775807", int.MaxValue)]
    [InlineData("1.5", 0)]
    [InlineData("\"12\"", 0)]
    [InlineData("null", 0)]
    public void Read_AbsurdCount_IsClamped(string count, long expected)
    {
        Assert.Equal(AnswerPart.Content, Read($$$"""{"usageMetadata":{"promptTokenCount":{{{count}}},"toolUsePromptTokenCount":{{{count}}},"candidatesTokenCount":{{{count}}},"thoughtsTokenCount":{{{count}}} } }"""));
        Assert.Equal(new TokenUsage(Input: expected, Output: expected, Reasoning: expected), _reader.Usage);
    }

    [Fact]
    public void Read_AnyCounts_ClassesAreDisjointAndAddUp() => Law.Holds(
        Gen.Choose(-10, 1000).ArrayOf(11),
        n =>
        {
            var reader = new GeminiReader();
            reader.ReadBody(Encoding.UTF8.GetBytes($$$"""
                {"usageMetadata":{"promptTokenCount":{{{n[0]}}},"cachedContentTokenCount":{{{n[1]}}},"toolUsePromptTokenCount":{{{n[2]}}},"candidatesTokenCount":{{{n[3]}}},"thoughtsTokenCount":{{{n[4]}}},
                 "promptTokensDetails":[{"modality":"AUDIO","tokenCount":{{{n[5]}}} },{"modality":"IMAGE","tokenCount":{{{n[6]}}} }],
                 "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":{{{n[7]}}} },{"modality":"IMAGE","tokenCount":{{{n[8]}}} }],
                 "candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":{{{n[9]}}} },{"modality":"IMAGE","tokenCount":{{{n[10]}}} }]}}
                """));
            var c = n.Select(count => Math.Max(0L, count)).ToArray();
            var usage = reader.Usage!.Value;
            Assert.Equal((c[0] + c[2], c[3] + c[4]), (usage.Prompt, usage.Completion));
            Assert.Equal((Math.Min(c[0], c[1]), c[4]), (usage.CachedInput, usage.Reasoning));
            Assert.True(usage is { Input: >= 0, AudioInput: >= 0, ImageInput: >= 0, AudioOutput: >= 0, ImageOutput: >= 0 } && usage.Reasoning <= usage.Output);
        });

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(
            Whole,
            """[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}]""",
            """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":9},[]]}}""",
            """{"candidates":[{"groundingMetadata":{"webSearchQueries":["a","é"]}},[]]}"""),
        json =>
        {
            var reader = new GeminiReader();
            reader.ReadBody(json);
            reader.ReadFrame(new StreamFrame(default, json));
            Assert.True(reader.Usage is null or { Input: >= 0, CachedInput: >= 0, Output: >= 0, AudioInput: >= 0, ImageInput: >= 0, AudioOutput: >= 0, ImageOutput: >= 0 });
        },
        small: 2_000, large: 300_000);

    private AnswerPart Read(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));
}
