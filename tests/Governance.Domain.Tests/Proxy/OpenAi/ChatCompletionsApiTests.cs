using System.Text;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

public sealed class ChatCompletionsApiTests
{
    private static readonly ChatCompletionsApi Api = new();

    private const string Least = """{"model":"gpt-5-mini","messages":[]}""";

    [Fact]
    public void Read_EverythingSet_IsRead()
    {
        var (request, error) = Read("""
            {"messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"model":"gpt-5-mini",
             "user":"ada","service_tier":"flex","max_completion_tokens":77,"tools":[],"temperature":0.5,"metadata":{"model":"other","user":"x"}}
            """);
        Assert.Null(error);
        Assert.Equal(("gpt-5-mini", true, true, "ada", "flex", 77L), (request!.Model, request.Stream, !request.WithholdUsage, request.User, request.ServiceTier, request.MaxOutputTokens!.Value));
        Assert.InRange(request.PromptBytes, 20, 80);
    }

    [Fact]
    public void Read_Least_HasNoOptions()
    {
        var (request, error) = Read(Least);
        Assert.Null(error);
        Assert.Equal((false, false, null, null, null), (request!.Stream, request.WithholdUsage, request.User, request.ServiceTier, request.MaxOutputTokens));
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[],"safety_identifier":"s"}""", "s")]
    [InlineData("""{"model":"m","messages":[],"safety_identifier":"s","user":"u"}""", "u")]
    [InlineData("""{"model":"m","messages":[],"user":" ","safety_identifier":"s"}""", "s")]
    [InlineData("""{"model":"m","messages":[],"user":null,"safety_identifier":""}""", null)]
    public void Read_EndUser_StandsInEitherField(string body, string? expected) => Assert.Equal(expected, Read(body).Request!.User);

    [Fact]
    public void Read_DeploymentInThePath_IsTheModelWhateverTheBodySays()
    {
        Assert.Equal("gpt5-eu", Api.ReadRequest("""{"model":"other","messages":[]}"""u8, "gpt5-eu").Request!.Model);
        Assert.Equal("gpt5-eu", Api.ReadRequest("""{"messages":[]}"""u8, "gpt5-eu").Request!.Model);
        Assert.Equal("invalid_request", Api.ReadRequest("""{"messages":[]}"""u8, "a\nb").Error!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"model":"m","messages":[]}x""")]
    [InlineData("""{"model":"m","messages":[]}{}""")]
    [InlineData("""{"model":"m","messages":[],}""")]
    [InlineData("""{"model":"\ud800","messages":[]}""")]
    [InlineData("""{"user":"\udc00","model":"m","messages":[]}""")]
    public void Read_NotOneObject_IsInvalidJson(string body) => Assert.Equal((400, "invalid_json"), Refusal(body));

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"model":null,"messages":[]}""")]
    [InlineData("""{"model":7,"messages":[]}""")]
    [InlineData("""{"model":["m"],"messages":[]}""")]
    [InlineData("""{"model":" ","messages":[]}""")]
    [InlineData("""{"model":"m\u0000","messages":[]}""")] // PostgreSQL cannot store it, and no provider knows it
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"model":"m","messages":[],"stream":"yes"}""")]
    [InlineData("""{"model":"m","messages":[],"stream":{}}""")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":0}""")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":-5}""")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":1.5}""")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":99999999999999999999}""")]
    [InlineData("""{"model":"m","messages":[],"max_completion_tokens":"5"}""")]
    [InlineData("""{"model":"m","messages":[],"service_tier":"a\u0000b"}""")]
    public void Read_WrongField_IsInvalidRequest(string body) => Assert.Equal((400, "invalid_request"), Refusal(body));

    [Theory]
    [InlineData("model", 200, true)]
    [InlineData("model", 201, false)]
    [InlineData("user", 512, true)]
    [InlineData("user", 513, false)]
    [InlineData("service_tier", 64, true)]
    [InlineData("service_tier", 65, false)]
    public void Read_LongText_IsBounded(string field, int length, bool accepted)
    {
        var model = field == "model" ? "" : "\"model\":\"m\",";
        Assert.Equal(accepted, Read($$"""{{{model}}"{{field}}":"{{new string('x', length)}}","messages":[]}""").Error is null);
    }

    [Fact]
    public void Read_DeepNesting_IsInvalidJson()
    {
        var body = $$"""{"model":"m","messages":{{new string('[', 10_000)}}{{new string(']', 10_000)}}}""";
        Assert.Equal((400, "invalid_json"), Refusal(body));
    }

    [Fact]
    public void Read_InvalidUtf8_IsInvalidJson()
    {
        byte[] body = [.. "{\"model\":\"m"u8, 0xff, 0xfe, .. "\",\"messages\":[]}"u8];
        Assert.Equal("invalid_json", Api.ReadRequest(body, null).Error?.Code);
    }

    [Fact]
    public void Read_BrokenBody_IsNotQuotedBack() =>
        Assert.DoesNotContain("secret", Read("""{"model":"m","messages":[secret]}""").Error!.Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(
            Least,
            """{"model":"gpt-5-mini","stream":true,"stream_options":{"include_usage":false},"user":"ada","max_tokens":5,"messages":[{"role":"user","content":"Hi é"}]}""",
            """{"messages":[{"content":[{"type":"text","text":"a"}]}],"tools":[{"function":{"parameters":{}}}],"model":"m","stream_options":null,"service_tier":"flex"}"""),
        body =>
        {
            var (request, error) = Api.ReadRequest(body, null);
            Assert.True(request is null != (error is null));
            if (request is not null) Assert.NotEmpty(UsageRequest.AddTo(body));
        },
        small: 5_000, large: 1_000_000);

    private static (CallRequest? Request, ProxyError? Error) Read(string body) => Api.ReadRequest(Encoding.UTF8.GetBytes(body), null);

    private static (int?, string?) Refusal(string body)
    {
        var (request, error) = Read(body);
        Assert.Null(request);
        return (error?.Status, error?.Code);
    }
}
