using System.Text;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;

namespace Governance.Domain.Tests.Proxy.Bedrock;

public sealed class ConverseApiTests
{
    private const string Model = "anthropic.claude-sonnet-4-20250514-v1:0";

    [Fact]
    public void ReadRequest_EveryField_IsTaken()
    {
        var (request, error) = Read(
            """
            {"messages":[1,2],"system":[3],"toolConfig":{},"inferenceConfig":{"temperature":1,"maxTokens":64,"stopSequences":[]},
             "requestMetadata":{"user":"a"},"user":"b","serviceTier":{"type":"flex"},"additionalModelRequestFields":{"messages":[4,5,6]}}
            """);
        Assert.Null(error);
        Assert.Equal(new CallRequest(Model) { Stream = true, ServiceTier = "flex", MaxOutputTokens = 64, PromptBytes = 5 + 3 + 2 }, request);
    }

    [Theory]
    [InlineData("{}")] // a kept prompt needs no messages
    [InlineData("""{"promptVariables":{"a":{"text":"b"}}}""")]
    [InlineData("""{"messages":[],"inferenceConfig":null,"serviceTier":"x"}""")]
    public void ReadRequest_LittleOrNothing_IsBedrocksToJudge(string json) => Assert.Null(Read(json).Error);

    [Theory]
    [InlineData("[]", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("{} {}", "invalid_json")]
    [InlineData("""{"inferenceConfig":{"maxTokens":0}}""", "invalid_request")]
    [InlineData("""{"inferenceConfig":{"maxTokens":"many"}}""", "invalid_request")]
    [InlineData("""{"serviceTier":{"type":"a\nb"}}""", "invalid_request")]
    public void ReadRequest_Wrong_IsRefused(string json, string code) => Assert.Equal(code, Read(json).Error!.Code);

    [Theory]
    [InlineData("/model/anthropic.claude-sonnet-4-20250514-v1%3A0/converse", "converse", false, Model)]
    [InlineData("/model/anthropic.claude-sonnet-4-20250514-v1:0/converse-stream", "converse", true, Model)]
    [InlineData("/model/m/invoke", "invoke_model", false, "m")]
    [InlineData("/model/m/invoke-with-response-stream", "invoke_model", true, "m")]
    [InlineData("/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/invoke", "invoke_model", false, "arn:aws:bedrock:us-east-1:1:inference-profile/us.x-v1:0")]
    public void Find_PathOfAnOperation_IsItsApiAndModel(string path, string scope, bool stream, string model)
    {
        var match = Providers.Bedrock.Find("POST", path)!;
        Assert.Equal((scope, path, model), (match.Api.Scope, match.Path, match.Model));
        Assert.Equal(stream, match.Api.ReadRequest("{}"u8, match.Model).Request!.Stream);
    }

    [Theory]
    [InlineData("GET", "/model/m/converse")]
    [InlineData("POST", "/model//converse")]
    [InlineData("POST", "/model/a/b/converse")]
    [InlineData("POST", "/model/m/invoke-with-bidirectional-stream")]
    [InlineData("POST", "/async-invoke")]
    public void Find_PathOfNoOperation_IsNothing(string method, string path) => Assert.Null(Providers.Bedrock.Find(method, path));

    [Theory]
    [InlineData("application/vnd.amazon.eventstream", true)]
    [InlineData("application/json", false)]
    [InlineData("text/event-stream", false)]
    [InlineData(null, false)]
    public void NewFraming_MediaType_IsOfEventStreamsOnly(string? mediaType, bool expected)
    {
        Assert.Equal(expected, new ConverseApi(stream: true).NewFraming(new CallRequest(Model), mediaType) is EventStreamFraming);
        Assert.Equal(expected, new InvokeModelApi(stream: true).NewFraming(new CallRequest(Model), mediaType) is EventStreamFraming);
    }

    [Fact]
    public void ReadRequest_MutatedBody_Answers() => Law.Holds(
        Mutations.Of("""{"messages":[{"role":"user","content":[{"text":"é"}]}],"inferenceConfig":{"maxTokens":4},"serviceTier":{"type":"flex"}}"""),
        body =>
        {
            var (request, error) = new ConverseApi(stream: false).ReadRequest(body, Model);
            Assert.True(request is null != error is null);
            var (invoked, refused) = new InvokeModelApi(stream: false).ReadRequest(body, Model);
            Assert.True(invoked is null != refused is null);
        },
        small: 3_000, large: 200_000);

    private static (CallRequest? Request, ProxyError? Error) Read(string json) => new ConverseApi(stream: true).ReadRequest(Encoding.UTF8.GetBytes(json), Model);
}
