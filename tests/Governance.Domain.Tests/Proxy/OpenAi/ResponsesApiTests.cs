using System.Text;
using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

public sealed class ResponsesApiTests
{
    private static readonly ResponsesApi Api = new();

    [Fact]
    public void Read_EverythingSet_IsRead()
    {
        var (request, error) = Read("""
            {"input":[{"role":"user","content":"Hi"}],"stream":true,"model":"gpt-5","safety_identifier":"ada","service_tier":"flex","background":false,
             "max_output_tokens":77,"instructions":"Be brief","tools":[{"type":"web_search"}],"metadata":{"model":"other","background":true},"conversation":"conv_1"}
            """);
        Assert.Null(error);
        Assert.Equal(("gpt-5", true, "ada", "flex", 77L), (request!.Model, request.Stream, request.User, request.ServiceTier, request.MaxOutputTokens!.Value));
        Assert.Equal(65, request.PromptBytes); // input 32, instructions 10 and tools 23, as they stand in the body
        Assert.False(request.WithholdUsage);
    }

    [Theory]
    [InlineData("\"conv_1\"", true)]
    [InlineData("""{"id":"conv_1"}""", true)]
    [InlineData("null", false)]
    public void Read_ConversationThatTheProviderKeeps_IsStateful(string conversation, bool stateful) =>
        Assert.Equal(stateful, Read($$"""{"model":"m","input":"Hi","conversation":{{conversation}}}""").Request!.Stateful);

    [Theory]
    [InlineData("""{"model":"m"}""")] // a stored prompt, or the response before, may stand for the input
    [InlineData("""{"model":"m","input":"Hi","previous_response_id":"resp_1"}""")]
    [InlineData("""{"model":"m","input":"Hi","background":null,"stream":null,"max_output_tokens":null,"user":null}""")]
    public void Read_Least_HasNoOptions(string body)
    {
        var (request, error) = Read(body);
        Assert.Null(error);
        Assert.Equal((false, null, null, null), (request!.Stream, request.User, request.ServiceTier, request.MaxOutputTokens));
    }

    [Theory]
    [InlineData("""{"model":"m","input":"Hi","background":true}""")]
    [InlineData("""{"background":true,"model":"m","input":"Hi","stream":true}""")]
    [InlineData("""{"background":true,"model":"m","background":false}""")] // which of the two counts is the provider's choice
    public void Read_Background_IsRefusedByName(string body)
    {
        var (request, error) = Read(body);
        Assert.Null(request);
        Assert.Equal((400, "invalid_request"), (error!.Status, error.Code));
        Assert.StartsWith("'background'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"input":"Hi"}""")]
    [InlineData("""{"model":null,"input":"Hi"}""")]
    [InlineData("""{"model":"m","stream":"yes"}""")]
    [InlineData("""{"model":"m","background":1}""")]
    [InlineData("""{"model":"m","max_output_tokens":0}""")]
    [InlineData("""{"model":"m","service_tier":"a\u0000b"}""")]
    public void Read_WrongField_IsInvalidRequest(string body) => Assert.Equal("invalid_request", Read(body).Error?.Code);

    [Fact]
    public void Event_InsideAStream_IsWhatIsDocumentedAndWhatSdksThrowOn()
    {
        var (name, data) = Api.Errors.Event(ProxyErrors.ProviderCut);
        var json = JsonDocument.Parse(data).RootElement;
        Assert.Equal(("error", "error"), (name, json.GetProperty("type").GetString()));
        foreach (var where in new[] { json, json.GetProperty("error") })
            Assert.Equal(("provider_stream_cut", ProxyErrors.ProviderCut.Message, JsonValueKind.Null), (where.GetProperty("code").GetString(), where.GetProperty("message").GetString(), where.GetProperty("param").ValueKind));
        Assert.Equal((0, "api_error"), (json.GetProperty("sequence_number").GetInt32(), json.GetProperty("error").GetProperty("type").GetString()));
    }

    [Fact]
    public void Body_BeforeAStream_IsOpenAisErrorObject() =>
        Assert.Equal(OpenAiErrors.Instance.Body(ProxyErrors.InvalidKey), Api.Errors.Body(ProxyErrors.InvalidKey));

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(
            """{"model":"m","input":"Hi","background":false,"stream":true,"user":"ada","max_output_tokens":5}""",
            """{"input":[{"type":"message","content":[{"type":"input_text","text":"é"}]}],"tools":[],"model":"m","service_tier":"flex","safety_identifier":"x"}"""),
        body =>
        {
            var (request, error) = Api.ReadRequest(body, null);
            Assert.True(request is null != (error is null));
        },
        small: 2_000, large: 300_000);

    private static (CallRequest? Request, ProxyError? Error) Read(string body) => Api.ReadRequest(Encoding.UTF8.GetBytes(body), null);
}
