using System.Text;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

public sealed class ResponsesReaderTests
{
    private const string Message = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[{"type":"url_citation","title":"Example"}]}]}""";

    private readonly ResponsesReader _reader = new();

    [Fact]
    public void ReadBody_Completed_TellsModelTierAndUsage()
    {
        var part = Read($$$"""
            {"id":"resp_1","object":"response","status":"completed","error":null,"model":"gpt-5-2025-08-07","service_tier":"priority","output":[{{{Message}}}],
             "usage":{"input_tokens":2000,"input_tokens_details":{"cached_tokens":1024,"cache_write_tokens":512},"output_tokens":300,"output_tokens_details":{"reasoning_tokens":256},"total_tokens":2300} }
            """);
        Assert.Equal((AnswerPart.Content, "gpt-5-2025-08-07", "priority", 5L), (part, _reader.Model, _reader.ServiceTier, _reader.ContentBytes));
        Assert.Equal(new TokenUsage(Input: 464, CachedInput: 1024, CacheWrite: 512, Output: 300, Reasoning: 256), _reader.Usage); // 2000 - 1024 - 512
    }

    [Theory]
    [InlineData(50, 0, 0, 50, 0)]
    [InlineData(50, 60, 9, 0, 50)] // never more cached than was read
    public void ReadBody_AbsurdDetails_AreClamped(int input, int cached, int reasoning, long text, long read)
    {
        Read($$$"""{"usage":{"input_tokens":{{{input}}},"output_tokens":4,"input_tokens_details":{"cached_tokens":{{{cached}}} },"output_tokens_details":{"reasoning_tokens":{{{reasoning}}} } } }""");
        Assert.Equal(new TokenUsage(Input: text, CachedInput: read, Output: 4, Reasoning: Math.Min(reasoning, 4)), _reader.Usage);
    }

    [Theory]
    [InlineData("""{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"error":null}""", AnswerPart.Content, null)]
    [InlineData("""{"status":"failed","error":{"code":"server_error","message":"m"}}""", AnswerPart.Error, "server_error")]
    [InlineData("""{"status":"failed","error":null}""", AnswerPart.Error, null)]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","param":"model","code":"model_not_found"}}""", AnswerPart.Error, "model_not_found")]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}}""", AnswerPart.Error, "invalid_request_error")]
    [InlineData("[]", AnswerPart.Garbage, null)]
    [InlineData("<html>", AnswerPart.Garbage, null)]
    [InlineData("", AnswerPart.Garbage, null)]
    [InlineData("{} {}", AnswerPart.Garbage, null)]
    [InlineData("""{"output":[{"content":[""", AnswerPart.Garbage, null)]
    public void ReadBody_Document_IsOfItsKind(string json, AnswerPart expected, string? code) => Assert.Equal((expected, code), (Read(json), _reader.ErrorCode));

    [Fact]
    public void ReadBody_FailedWithUsage_StillTellsIt()
    {
        Assert.Equal(AnswerPart.Error, Read("""{"status":"failed","error":{"code":"server_error"},"usage":{"input_tokens":7,"output_tokens":2}}"""));
        Assert.Equal(new TokenUsage(Input: 7, Output: 2), _reader.Usage);
    }

    [Theory]
    [InlineData("""{"type":"web_search_call","action":{"type":"search","query":"x"}}""", 1, 0, 0)]
    [InlineData("""{"action":{"sources":[{"type":"url"}],"type":"search"},"type":"web_search_call"}""", 1, 0, 0)]
    [InlineData("""{"type":"web_search_call","status":"completed"}""", 1, 0, 0)]
    [InlineData("""{"type":"web_search_call","action":{"type":"open_page","url":"https://example.org"}}""", 0, 0, 0)] // searching is charged, reading is not
    [InlineData("""{"type":"web_search_call","action":{"type":"find_in_page","pattern":"x"}}""", 0, 0, 0)]
    [InlineData("""{"type":"file_search_call","queries":["x"],"results":[{"type":"web_search_call"}]}""", 0, 1, 0)]
    [InlineData("""{"type":"code_interpreter_call","code":"1+1"}""", 0, 1, 0)]
    [InlineData("""{"type":"shell_call_output","output":[]}""", 0, 1, 0)]
    [InlineData("""{"type":"image_generation_call","result":"iVBORw0KGgo="}""", 0, 0, 1)]
    [InlineData("""{"type":"function_call","arguments":"{}"}""", 0, 0, 0)]
    [InlineData("""{"type":"local_shell_call","action":{"type":"exec"}}""", 0, 0, 0)]
    [InlineData("""{"type":"mcp_call","arguments":"{}"}""", 0, 0, 0)]
    [InlineData("""["web_search_call"]""", 0, 0, 0)]
    [InlineData("null", 0, 0, 0)]
    public void ReadBody_OutputItem_IsCountedIfTheProviderRanIt(string item, int searches, int toolCalls, int images)
    {
        Assert.Equal(AnswerPart.Content, Read($$"""{"output":[{{item}},{{Message}},{{item}}]}"""));
        Assert.Equal(new UnitUsage(Searches: 2 * searches, ToolCalls: 2 * toolCalls, Images: 2 * images), _reader.Units);
    }

    [Theory]
    [InlineData(Message, 5)]
    [InlineData("""{"type":"reasoning","summary":[{"type":"summary_text","text":"Think"}],"encrypted_content":"AAAA"}""", 5)]
    [InlineData("""{"type":"message","content":[{"type":"refusal","refusal":"No"}]}""", 2)]
    [InlineData("""{"type":"function_call","name":"find","arguments":"{\"a\":1}"}""", 9)] // with the backslashes of its quotes
    [InlineData("""{"type":"custom_tool_call","input":"run"}""", 3)]
    [InlineData("""{"type":"code_interpreter_call","code":"1+1","outputs":[{"type":"logs","logs":"2"}]}""", 3)]
    [InlineData("""{"type":"image_generation_call","result":"iVBORw0KGgo="}""", 0)]
    [InlineData("""{"type":"message","content":7}""", 0)]
    public void ReadBody_WithoutUsage_CountsWhatWasWritten(string item, long expected)
    {
        Read($$"""{"output":[{{item}}],"usage":null}""");
        Assert.Equal((null, expected), (_reader.Usage, _reader.ContentBytes));
    }

    [Fact]
    public void ReadBody_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(
            $$$"""{"model":"m","status":"completed","output":[{{{Message}}},{"type":"web_search_call","action":{"type":"search"}}],"usage":{"input_tokens":5,"output_tokens_details":{"reasoning_tokens":1} } }""",
            """{"error":{"message":"m","type":"t","code":"c"}}"""),
        json =>
        {
            var reader = new ResponsesReader();
            reader.ReadBody(json);
            Assert.True(reader.ContentBytes >= 0 && reader.Usage is null or { Input: >= 0, CachedInput: >= 0, Output: >= 0 });
        },
        small: 2_000, large: 300_000);

    private AnswerPart Read(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));
}
