using System.Text;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Anthropic;

namespace Governance.Domain.Tests.Proxy.Anthropic;

public sealed class MessagesApiTests
{
    private static readonly MessagesApi Api = new();

    private const string Least = """{"model":"claude-sonnet-5-5","max_tokens":77,"messages":[]}""";

    [Fact]
    public void Read_EverythingSet_IsRead()
    {
        var (request, error) = Read(Api, """
            {"messages":[{}],"system":"s","tools":[{}],"stream":true,"model":"claude-sonnet-5-5","metadata":{"x":{},"user_id":"ada"},
             "service_tier":"standard_only","max_tokens":77,"thinking":{"type":"enabled","model":"other"}}
            """);
        Assert.Null(error);
        Assert.Equal(("claude-sonnet-5-5", true, false, "ada", "standard_only", 77L), (request!.Model, request.Stream, request.WithholdUsage, request.User, request.ServiceTier, request.MaxOutputTokens!.Value));
        Assert.Equal(11, request.PromptBytes); // [{}] 4, "s" 3, [{}] 4
    }

    [Fact]
    public void Read_Least_HasNoOptions()
    {
        var (request, error) = Read(Api, Least);
        Assert.Null(error);
        Assert.Equal((false, null, null, 77L), (request!.Stream, request.User, request.ServiceTier, request.MaxOutputTokens));
    }

    [Fact]
    public void Read_NoTokensToPut_IsAWarmingOfTheCache() =>
        Assert.Equal(0, Read(Api, """{"model":"m","max_tokens":0,"messages":[]}""").Request!.MaxOutputTokens);

    [Theory]
    [InlineData("""{"max_tokens":1,"messages":[]}""", "invalid_request")]
    [InlineData("""{"model":"m","messages":[]}""", "invalid_request")]
    [InlineData("""{"model":"m","max_tokens":null,"messages":[]}""", "invalid_request")]
    [InlineData("""{"model":"m","max_tokens":-1,"messages":[]}""", "invalid_request")]
    [InlineData("""{"model":"m","max_tokens":1.5,"messages":[]}""", "invalid_request")]
    [InlineData("""{"model":"m","max_tokens":"1","messages":[]}""", "invalid_request")]
    [InlineData("""{"model":"m","max_tokens":1}""", "invalid_request")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[],"stream":"yes"}""", "invalid_request")]
    [InlineData("""{"model":"m\u0000","max_tokens":1,"messages":[]}""", "invalid_request")]
    [InlineData("[]", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[]}x""", "invalid_json")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[],"metadata":{"user_id":"\udc00"}}""", "invalid_json")]
    public void Read_WrongRequest_IsRefused(string body, string code)
    {
        var (request, error) = Read(Api, body);
        Assert.Equal((null, 400, code), (request, error?.Status, error?.Code));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Read_LongUser_IsBounded(int length, bool accepted) =>
        Assert.Equal(accepted, Read(Api, $$$"""{"model":"m","max_tokens":1,"messages":[],"metadata":{"user_id":"{{{new string('x', length)}}}"}}""").Error is null);

    [Fact]
    public void Read_CountOfTokens_NeedsNoBound()
    {
        var (request, error) = Read(new CountTokensApi(), """{"model":"m","messages":[]}""");
        Assert.Null(error);
        Assert.Equal(("m", null), (request!.Model, request.MaxOutputTokens));
        Assert.True(new CountTokensApi().Free);
    }

    [Theory]
    [InlineData("POST", "/v1/messages", typeof(MessagesApi), null, "messages")]
    [InlineData("POST", "/v1/messages/count_tokens", typeof(CountTokensApi), null, "messages")]
    [InlineData("GET", "/v1/models", typeof(ModelsApi), null, "models")]
    [InlineData("GET", "/v1/models/claude-sonnet-5-5", typeof(ModelsApi), "claude-sonnet-5-5", "models")]
    public void Find_Path_IsItsApi(string method, string path, Type api, string? model, string scope)
    {
        var match = Providers.OfBase("anthropic")!.Find(method, path);
        Assert.Equal((api, path, model, scope), (match!.Api.GetType(), match.Path, match.Model, match.Api.Scope));
    }

    [Theory]
    [InlineData("POST", "/messages")]
    [InlineData("GET", "/v1/messages")]
    [InlineData("POST", "/v1/messages/batches")]
    [InlineData("POST", "/v1/complete")]
    public void Find_PathThatCannotBeMetered_IsNone(string method, string path) => Assert.Null(Providers.OfBase("anthropic")!.Find(method, path));

    [Fact]
    public void Read_ListOfModels_NamesNone()
    {
        Assert.Equal(new CallRequest(null), new ModelsApi().ReadRequest([], null).Request);
        Assert.Equal(new CallRequest("m"), new ModelsApi().ReadRequest([], "m").Request);
        Assert.Equal("invalid_request", new ModelsApi().ReadRequest([], "a\0").Error?.Code);
    }

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of(Least, """{"model":"m","max_tokens":0,"system":[{"text":"é"}],"metadata":{"user_id":"ada"},"service_tier":"auto","stream":false,"tools":[],"messages":[{"content":"a"}]}"""),
        body =>
        {
            var (request, error) = Api.ReadRequest(body, null);
            Assert.True(request is null != (error is null));
        },
        small: 2_000, large: 300_000);

    private static (CallRequest? Request, ProxyError? Error) Read(ProviderApi api, string body) => api.ReadRequest(Encoding.UTF8.GetBytes(body), null);
}
