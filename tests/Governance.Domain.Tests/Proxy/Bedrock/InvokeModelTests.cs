using System.Text;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Domain.Tests.Proxy.Bedrock;

public sealed class InvokeModelTests
{
    private readonly InvokeModelReader _reader = new();

    [Theory]
    [InlineData("""{"anthropic_version":"bedrock-2023-05-31","max_tokens":7,"messages":[]}""", 7L)]
    [InlineData("""{"prompt":"a","max_gen_len":8}""", 8L)]
    [InlineData("""{"inputText":"a","textGenerationConfig":{"maxTokenCount":9}}""", 9L)]
    [InlineData("""{"messages":[],"inferenceConfig":{"maxTokens":10}}""", 10L)]
    [InlineData("""{"messages":[],"max_completion_tokens":11}""", 11L)]
    [InlineData("""{"max_tokens":0}""", null)]
    [InlineData("""{"max_tokens":"many"}""", null)]
    [InlineData("""{"nested":{"max_tokens":5}}""", null)]
    [InlineData("""{"inputText":"a"}""", null)]
    public void ReadRequest_VendorsBody_IsReadAsFarAsVendorsAgree(string json, long? maxTokens)
    {
        var (request, error) = new InvokeModelApi(stream: true).ReadRequest(Encoding.UTF8.GetBytes($" {json}\n"), "m");
        Assert.Null(error);
        Assert.Equal(new CallRequest("m") { Stream = true, MaxOutputTokens = maxTokens, PromptBytes = json.Length }, request);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    public void ReadRequest_NoObject_IsRefused(string json) =>
        Assert.Equal("invalid_json", new InvokeModelApi(stream: false).ReadRequest(Encoding.UTF8.GetBytes(json), "m").Error!.Code);

    [Fact]
    public void ReadHead_Counts_AreDisjointClasses()
    {
        Head(("Input", "10"), ("Output", "5"), ("Cache-Read-Input", "100"), ("Cache-Write-Input", "30"));
        Assert.Equal(new TokenUsage(Input: 10, CachedInput: 100, CacheWrite: 30, Output: 5), _reader.Usage);
        Assert.Equal(AnswerPart.Content, Body("""{"type":"message","role":"assistant","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn"}"""));
        Assert.Equal(5, _reader.ContentBytes);
        Assert.Equal(10, _reader.Usage!.Value.Input);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999999999")]
    [InlineData("")]
    public void ReadHead_CountThatIsNone_IsNotReported(string count)
    {
        Head(("Input", count));
        Assert.Null(_reader.Usage);
    }

    [Theory]
    [InlineData("""{"embedding":[0.1,0.2],"inputTextTokenCount":3}""", 0)]
    [InlineData("""{"generation":"Hello","prompt_token_count":1}""", 5)]
    [InlineData("""[{"text":"Hi"},"there"]""", 7)]
    [InlineData("""{"images":["aGVsbG8="],"error":null}""", 0)]
    public void ReadBody_AnyVendorsShape_IsMeasuredByItsTexts(string json, long bytes)
    {
        Assert.Equal(AnswerPart.Content, Body(json));
        Assert.Equal(bytes, _reader.ContentBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{} 1")]
    public void ReadBody_NoJson_IsGarbage(string body) => Assert.Equal(AnswerPart.Garbage, Body(body));

    [Fact]
    public void ReadFrame_LastChunk_CarriesTheMetrics()
    {
        Assert.Equal(AnswerPart.Content, Chunk("""{"type":"content_block_delta","delta":{"type":"text_delta","text":"Hello"}}"""));
        Assert.Null(_reader.Usage);
        Assert.Equal(AnswerPart.End, Chunk(
            """
            {"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":10,"outputTokenCount":5,"invocationLatency":1,"firstByteLatency":1,
             "cacheReadInputTokenCount":100,"cacheWriteInputTokenCount":30}}
            """));
        Assert.Equal((new TokenUsage(Input: 10, CachedInput: 100, CacheWrite: 30, Output: 5), 5L), (_reader.Usage, _reader.ContentBytes));
    }

    [Theory]
    [InlineData("chunk", """{"bytes":"e30="}""", AnswerPart.Content)]
    [InlineData("chunk", """{"p":"abc"}""", AnswerPart.Content)]
    [InlineData("chunk", """{"bytes":"W10="}""", AnswerPart.Garbage)]
    [InlineData("chunk", """{"bytes":"%%%"}""", AnswerPart.Garbage)]
    [InlineData("chunk", """{"bytes":1}""", AnswerPart.Garbage)]
    [InlineData("chunk", "x", AnswerPart.Garbage)]
    [InlineData("modelTimeoutException", """{"message":"m"}""", AnswerPart.Error)]
    public void ReadFrame_Frame_IsOfItsKind(string name, string data, AnswerPart expected) => Assert.Equal(expected, Frame(name, data));

    private void Head(params (string Name, string Value)[] counts) => _reader.ReadHead(
        header => counts.Where(count => header == $"X-Amzn-Bedrock-{count.Name}-Token-Count").Select(count => count.Value).FirstOrDefault());

    private AnswerPart Body(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));

    private AnswerPart Chunk(string json) => Frame("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(json))}}","p":"abcdefghijk"}""");

    private AnswerPart Frame(string name, string data) => _reader.ReadFrame(new StreamFrame(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data)));
}
