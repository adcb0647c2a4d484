using System.Text;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;

namespace Governance.Domain.Tests.Proxy.OpenAi;

/// <summary>The APIs whose answers generate nothing.</summary>
public sealed class PlainAnswersTests
{
    private const string Vectors = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-0.2e-3]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}""";
    private const string Verdict = """{"id":"modr-1","model":"omni-moderation-latest","results":[{"flagged":false,"categories":{"hate":false}}]}""";

    private readonly PlainReader _reader = new();

    [Fact]
    public void ReadBody_Embeddings_TellsModelAndUsage()
    {
        Assert.Equal(AnswerPart.Content, Read(Vectors));
        Assert.Equal(("text-embedding-3-small", new TokenUsage(Input: 8), 0L), (_reader.Model, _reader.Usage, _reader.ContentBytes));
    }

    [Theory]
    [InlineData(Verdict)]
    [InlineData("""{"object":"list","data":[{"id":"gpt-5","object":"model","owned_by":"openai"}]}""")]
    [InlineData("""{"object":"list","data":null}""")] // how a compatible server lists none
    [InlineData("""{"id":"gpt-5","object":"model","created":1,"owned_by":"openai"}""")]
    [InlineData("""{"object":"list","data":[],"usage":null,"error":null}""")]
    public void ReadBody_AnswerWithoutUsage_IsUnderstood(string json)
    {
        Assert.Equal(AnswerPart.Content, Read(json));
        Assert.Equal((null, true), (_reader.Usage, _reader.Understood));
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","code":"model_not_found"}}""", AnswerPart.Error, "model_not_found")]
    [InlineData("""{"error":{"code":"404","message":"Resource not found"}}""", AnswerPart.Error, "404")] // Azure sends no type
    [InlineData("{}", AnswerPart.Garbage, null)]
    [InlineData("""{"hello":"world"}""", AnswerPart.Garbage, null)]
    [InlineData("[]", AnswerPart.Garbage, null)]
    [InlineData("<html>", AnswerPart.Garbage, null)]
    [InlineData("""{"object":"list","data":[1""", AnswerPart.Garbage, null)]
    public void ReadBody_AnythingElse_IsOfItsKind(string json, AnswerPart expected, string? code) => Assert.Equal((expected, code), (Read(json), _reader.ErrorCode));

    [Fact]
    public void ReadRequest_Embeddings_IsRead()
    {
        var (request, error) = new EmbeddingsApi().ReadRequest("""{"input":["Hi","there"],"model":"text-embedding-3-small","user":"ada","encoding_format":"base64"}"""u8, null);
        Assert.Null(error);
        Assert.Equal(("text-embedding-3-small", "ada", 14L, false), (request!.Model, request.User, request.PromptBytes, request.Stream)); // ["Hi","there"]
    }

    [Theory]
    [InlineData("""{"input":"Hi"}""", "'model'")]
    [InlineData("""{"model":"m"}""", "'input'")]
    [InlineData("""{"model":7,"input":"Hi"}""", "'model'")]
    public void ReadRequest_EmbeddingsIncomplete_IsRefused(string body, string names)
    {
        var error = new EmbeddingsApi().ReadRequest(Encoding.UTF8.GetBytes(body), null).Error;
        Assert.Equal("invalid_request", error?.Code);
        Assert.StartsWith(names, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRequest_EmbeddingsOfADeployment_AsksForItsModel() =>
        Assert.Equal("embed-eu", new EmbeddingsApi().ReadRequest("""{"input":"Hi","model":"other"}"""u8, "embed-eu").Request!.Model);

    [Theory]
    [InlineData("""{"input":"Hi","model":"text-moderation-stable"}""", "text-moderation-stable")]
    [InlineData("""{"input":"Hi"}""", "omni-moderation-latest")]
    [InlineData("""{"model":"omni-moderation-latest"}""", null)]
    public void ReadRequest_Moderations_AsksForTheModelThatRuns(string body, string? expected)
    {
        var (request, error) = new ModerationsApi().ReadRequest(Encoding.UTF8.GetBytes(body), null);
        Assert.Equal((expected, expected is null), (request?.Model, error is not null));
    }

    [Fact]
    public void ReadRequest_Models_NamesOnlyTheOneInThePath()
    {
        Assert.Equal((null, null), (new ModelsApi().ReadRequest([], null).Request!.Model, new ModelsApi().ReadRequest([], null).Error));
        Assert.Equal("gpt-5", new ModelsApi().ReadRequest([], "gpt-5").Request!.Model);
        Assert.Equal("invalid_request", new ModelsApi().ReadRequest([], "a\0b").Error?.Code);
    }

    [Fact]
    public void Apis_ScopesAndCharges_AreTheirOwn() => Assert.Equal(
        [(ProxyApis.Embeddings, false), (ProxyApis.Moderations, true), (ProxyApis.Models, true), (ProxyApis.Responses, false), (ProxyApis.ChatCompletions, false)],
        new ProviderApi[] { new EmbeddingsApi(), new ModerationsApi(), new ModelsApi(), new ResponsesApi(), new ChatCompletionsApi() }.Select(api => (api.Scope, api.Free)));

    [Fact]
    public void NewFraming_NothingStreams_IsNone()
    {
        foreach (var api in new ProviderApi[] { new EmbeddingsApi(), new ModerationsApi(), new ModelsApi() }) Assert.Null(api.NewFraming(new CallRequest("m"), "text/event-stream"));
        Assert.NotNull(new ResponsesApi().NewFraming(new CallRequest("m"), "text/event-stream"));
    }

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(Vectors, Verdict, """{"input":["Hi"],"model":"m","user":"ada"}"""),
        json =>
        {
            new PlainReader().ReadBody(json);
            foreach (var api in new ProviderApi[] { new EmbeddingsApi(), new ModerationsApi(), new ModelsApi() })
            {
                var (request, error) = api.ReadRequest(json, null);
                Assert.True(request is null != (error is null));
            }
        },
        small: 2_000, large: 300_000);

    private AnswerPart Read(string json) => _reader.ReadBody(Encoding.UTF8.GetBytes(json));
}
