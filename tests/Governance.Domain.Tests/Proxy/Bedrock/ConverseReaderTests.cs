using System.Text;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Domain.Tests.Proxy.Bedrock;

public sealed class ConverseReaderTests
{
    private readonly ConverseReader _reader = new();

    [Fact]
    public void ReadBody_Answer_TellsUsageTierAndContent()
    {
        var part = Body(
            """
            {"output":{"message":{"role":"assistant","content":[{"text":"Hello"},{"toolUse":{"toolUseId":"t1","name":"now","input":{"zone":"UTC"}}}]}},
             "stopReason":"tool_use","usage":{"inputTokens":10,"outputTokens":5,"totalTokens":15},"metrics":{"latencyMs":1},"serviceTier":{"type":"priority"}}
            """);
        Assert.Equal(AnswerPart.Content, part);
        Assert.Equal(new TokenUsage(Input: 10, Output: 5), _reader.Usage);
        Assert.Equal(("priority", 5L + 3 + 3), (_reader.ServiceTier, _reader.ContentBytes));
    }

    [Theory]
    [InlineData("""{"inputTokens":10,"outputTokens":5,"cacheReadInputTokens":100,"cacheWriteInputTokens":30}""", 10, 100, 30, 0, 5)]
    [InlineData("""{"inputTokens":10,"cacheWriteInputTokens":30,"cacheDetails":[{"ttl":"1h","inputTokens":20},{"inputTokens":10,"ttl":"5m"}]}""", 10, 0, 10, 20, 0)]
    [InlineData("""{"inputTokens":10,"cacheDetails":[{"ttl":"1h","inputTokens":20},{"inputTokens":10,"ttl":"5m"}]}""", 10, 0, 10, 20, 0)]
    [InlineData("""{"cacheWriteInputTokens":30,"cacheDetails":[{"ttl":"5m","inputTokens":30}]}""", 0, 0, 30, 0, 0)]
    [InlineData("""{"cacheWriteInputTokens":30,"cacheDetails":[]}""", 0, 0, 30, 0, 0)]
    [InlineData("""{"cacheWriteInputTokens":30,"cacheDetails":[[],7,{"ttl":{"a":[]},"inputTokens":"x"}]}""", 0, 0, 30, 0, 0)]
    [InlineData("""{"inputTokens":-1,"outputTokens":99999999999,"cacheReadInputTokens":null}""", 0, 0, 0, 0, int.MaxValue)]
    public void ReadFrame_Metadata_ReportsDisjointClasses(string usage, long input, long cached, long write, long write1h, long output)
    {
        Assert.Equal(AnswerPart.End, Frame("metadata", $$"""{"usage":{{usage}},"metrics":{"latencyMs":1},"p":"abcdef"}"""));
        Assert.Equal(new TokenUsage(input, cached, write, write1h, output), _reader.Usage);
    }

    [Fact]
    public void ReadFrame_WholeStream_EndsAfterTheMessageStopped()
    {
        Assert.Equal(AnswerPart.Content, Frame("messageStart", """{"role":"assistant","p":"abc"}"""));
        Assert.Equal(AnswerPart.Content, Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hel"},"p":"abcdefgh"}"""));
        Assert.Equal(AnswerPart.Content, Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":"}},"p":"abcdefgh"}"""));
        Assert.Equal(AnswerPart.Content, Frame("contentBlockStop", """{"contentBlockIndex":0}"""));
        Assert.Equal(AnswerPart.Content, Frame("messageStop", """{"stopReason":"end_turn"}"""));
        Assert.Null(_reader.Usage);
        Assert.Equal(AnswerPart.End, Frame("metadata", """{"usage":{"inputTokens":1,"outputTokens":2},"serviceTier":{"type":"default"}}"""));
        Assert.Equal((3L + """{\"a\":""".Length, "default"), (_reader.ContentBytes, _reader.ServiceTier));
    }

    [Theory]
    [InlineData("throttlingException", """{"message":"slow down"}""", AnswerPart.Error, "throttlingException")]
    [InlineData("modelStreamErrorException", "{}", AnswerPart.Error, "modelStreamErrorException")]
    [InlineData("InternalFailure", "{}", AnswerPart.Error, "InternalFailure")]
    [InlineData("somethingNew", "{}", AnswerPart.Content, null)]
    [InlineData("", "{}", AnswerPart.Content, null)]
    [InlineData("metadata", "[]", AnswerPart.Garbage, null)]
    [InlineData("metadata", "{", AnswerPart.Garbage, null)]
    [InlineData("metadata", "", AnswerPart.Garbage, null)]
    [InlineData("throttlingException", "<html>", AnswerPart.Garbage, null)]
    public void ReadFrame_Frame_IsOfItsKind(string name, string data, AnswerPart expected, string? code)
    {
        Assert.Equal(expected, Frame(name, data));
        Assert.Equal(code, _reader.ErrorCode);
    }

    [Theory]
    [InlineData("ThrottlingException", """{"message":"m"}""", AnswerPart.Error, "ThrottlingException")]
    [InlineData("ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/", """{"message":"m"}""", AnswerPart.Error, "ValidationException")]
    [InlineData("AccessDeniedException", """{"Message":"m"}""", AnswerPart.Error, "AccessDeniedException")]
    [InlineData(null, """{"message":"m"}""", AnswerPart.Error, null)]
    [InlineData(null, """{"__type":"com.amazon.coral#UnrecognizedClientException","message":"m"}""", AnswerPart.Error, "UnrecognizedClientException")]
    [InlineData(null, """{"message":"m","output":{}}""", AnswerPart.Content, null)]
    [InlineData(null, """{"__type":"x"}""", AnswerPart.Content, null)]
    [InlineData("ThrottlingException", "", AnswerPart.Garbage, null)]
    [InlineData("ThrottlingException", "<html>", AnswerPart.Garbage, null)]
    [InlineData(null, "[]", AnswerPart.Garbage, null)]
    [InlineData(null, "{} {}", AnswerPart.Garbage, null)]
    public void ReadBody_Document_IsOfItsKind(string? type, string body, AnswerPart expected, string? code)
    {
        _reader.ReadHead(name => name == "x-amzn-ErrorType" ? type : null);
        Assert.Equal(expected, Body(body));
        Assert.Equal(code, _reader.ErrorCode);
    }

    [Fact]
    public void Read_MutatedDocument_Answers() => Law.Holds(
        Mutations.Of(
            """{"usage":{"inputTokens":1,"cacheDetails":[{"ttl":"1h","inputTokens":20}]},"output":{"message":{"content":[{"text":"\u00e9"}]}}}""",
            """{"delta":{"text":"x"},"message":"m"}"""),
        data =>
        {
            new ConverseReader().ReadBody(data);
            foreach (var name in (string[])["metadata", "contentBlockDelta", "throttlingException", "chunk"])
            {
                new ConverseReader().ReadFrame(new StreamFrame(Encoding.UTF8.GetBytes(name), data));
                new InvokeModelReader().ReadFrame(new StreamFrame(Encoding.UTF8.GetBytes(name), data));
            }
        },
        small: 3_000, large: 200_000);

    private AnswerPart Body(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));

    private AnswerPart Frame(string name, string data) => _reader.ReadFrame(new StreamFrame(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data)));
}
