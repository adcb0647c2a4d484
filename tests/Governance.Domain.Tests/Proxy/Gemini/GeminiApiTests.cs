using System.Text;
using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Gemini;

namespace Governance.Domain.Tests.Proxy.Gemini;

public sealed class GeminiApiTests
{
    private static readonly GenerateContentApi Plain = new(streams: false);
    private static readonly GenerateContentApi Streamed = new(streams: true);

    [Theory]
    [InlineData("""{"contents":[{}],"systemInstruction":{},"tools":[{}],"generationConfig":{"temperature":1,"maxOutputTokens":77},"serviceTier":"FLEX","labels":{"user":"x"}}""")]
    [InlineData("""{"service_tier":"flex","generation_config":{"max_output_tokens":77},"tools":[{}],"system_instruction":{},"contents":[{}]}""")]
    public void Read_EverythingSet_IsRead(string body)
    {
        var (request, error) = Read(Plain, body);
        Assert.Null(error);
        Assert.Equal(("m", false, null, "flex", 77L), (request!.Model, request.Stream, request.User, request.ServiceTier, request.MaxOutputTokens!.Value));
        Assert.Equal(10, request.PromptBytes); // [{}] 4, {} 2, [{}] 4
    }

    [Fact]
    public void Read_StreamingPath_Streams()
    {
        var (request, _) = Read(Streamed, """{"contents":[]}""");
        Assert.Equal((true, null, null), (request!.Stream, request.MaxOutputTokens, request.ServiceTier));
    }

    [Theory]
    [InlineData("{}", "invalid_request")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":0}}""", "invalid_request")]
    [InlineData("""{"contents":[],"generationConfig":{"maxOutputTokens":"9"}}""", "invalid_request")]
    [InlineData("""{"contents":[],"serviceTier":"a\u0000"}""", "invalid_request")]
    [InlineData("[]", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("""{"contents":[]}{}""", "invalid_json")]
    public void Read_WrongRequest_IsRefused(string body, string code)
    {
        var (request, error) = Read(Plain, body);
        Assert.Equal((null, 400, code), (request, error?.Status, error?.Code));
    }

    [Fact]
    public void Read_WrongModelInThePath_IsRefused()
    {
        Assert.Equal("invalid_request", Plain.ReadRequest("{\"contents\":[]}"u8, "m\0").Error?.Code);
        Assert.Equal("invalid_request", Plain.ReadRequest("{\"contents\":[]}"u8, null).Error?.Code);
    }

    [Fact]
    public void Read_EmbeddingOrCount_CountsItsPrompt()
    {
        Assert.Equal(12, Read(new EmbedContentApi(), """{"content":{"parts":[]},"taskType":"X"}""").Request!.PromptBytes);
        Assert.Equal(4, Read(new EmbedContentApi(), """{"requests":[{}]}""").Request!.PromptBytes);
        Assert.Equal(4, Read(new CountTokensApi(), """{"contents":[{}]}""").Request!.PromptBytes);
        Assert.Equal(2, Read(new CountTokensApi(), """{"generateContentRequest":{}}""").Request!.PromptBytes);
        Assert.Equal("invalid_request", Read(new EmbedContentApi(), "{}").Error?.Code);
    }

    [Theory]
    [InlineData(true, "text/event-stream", typeof(GeminiEventFraming))]
    [InlineData(true, "application/json", typeof(JsonArrayFraming))]
    [InlineData(true, "text/html", null)]
    [InlineData(true, null, null)]
    [InlineData(false, "application/json", null)]
    public void NewFraming_MediaType_IsCutAccordingly(bool streams, string? mediaType, Type? framing) =>
        Assert.Equal(framing, new GenerateContentApi(streams).NewFraming(new CallRequest("m") { Stream = streams }, mediaType)?.GetType());

    [Theory]
    [InlineData("POST", "/v1beta/models/gemini-3.8-flash:generateContent", typeof(GenerateContentApi), "generate_content", false)]
    [InlineData("POST", "/v1/models/gemini-3.8-flash:generateContent", typeof(GenerateContentApi), "generate_content", false)]
    [InlineData("POST", "/v1beta/models/gemini-3.8-flash:streamGenerateContent", typeof(GenerateContentApi), "generate_content", false)]
    [InlineData("POST", "/v1beta/models/gemini-3.8-flash:embedContent", typeof(EmbedContentApi), "embeddings", false)]
    [InlineData("POST", "/v1/models/gemini-3.8-flash:batchEmbedContents", typeof(EmbedContentApi), "embeddings", false)]
    [InlineData("POST", "/v1beta/models/gemini-3.8-flash:countTokens", typeof(CountTokensApi), "generate_content", true)]
    [InlineData("GET", "/v1beta/models/gemini-3.8-flash", typeof(ModelsApi), "models", true)]
    public void Find_Path_IsItsApiAndModel(string method, string path, Type api, string scope, bool free)
    {
        var match = Providers.OfBase("gemini")!.Find(method, path);
        Assert.Equal((api, "gemini-3.8-flash", scope, free), (match!.Api.GetType(), match.Model, match.Api.Scope, match.Api.Free));
        if (method == "POST" && scope == "generate_content" && !free)
            Assert.Equal(path.Contains("stream", StringComparison.Ordinal), Read(match.Api, """{"contents":[]}""").Request!.Stream);
    }

    [Fact]
    public void Find_ListOfModels_NamesNone()
    {
        var match = Providers.Find("google")!.Find("GET", "/v1beta/models");
        Assert.Null(match!.Model);
        Assert.Equal(new CallRequest(null), match.Api.ReadRequest([], null).Request);
    }

    [Theory]
    [InlineData("POST", "/v1beta/models/m:predict")]
    [InlineData("POST", "/v1beta/models/m:batchGenerateContent")]
    [InlineData("POST", "/v1beta/models/a/b:generateContent")]
    [InlineData("POST", "/v1beta/models/:generateContent")]
    public void Find_PathThatCannotBeMetered_IsNone(string method, string path) => Assert.Null(Providers.OfBase("gemini")!.Find(method, path));

    [Theory]
    [InlineData(400, "INVALID_ARGUMENT")]
    [InlineData(401, "UNAUTHENTICATED")]
    [InlineData(403, "PERMISSION_DENIED")]
    [InlineData(404, "NOT_FOUND")]
    [InlineData(413, "INVALID_ARGUMENT")]
    [InlineData(429, "RESOURCE_EXHAUSTED")]
    [InlineData(500, "INTERNAL")]
    [InlineData(502, "UNAVAILABLE")]
    [InlineData(503, "UNAVAILABLE")]
    [InlineData(504, "DEADLINE_EXCEEDED")]
    public void Body_Status_IsGooglesErrorWithTheStableCode(int status, string name)
    {
        var body = GeminiErrors.Instance.Body(new ProxyError(status, "some_code", "t", "Ask for less."));
        Assert.Equal(
            $$$"""{"error":{"code":{{{status}}},"message":"Ask for less.","status":"{{{name}}}","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SOME_CODE","domain":"governance"}]}}""",
            Encoding.UTF8.GetString(body));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(body).RootElement.ValueKind);
    }

    [Fact]
    public void Read_MutatedBytes_Answers() => Law.Holds(
        Mutations.Of("""{"contents":[{"parts":[{"text":"é"}]}],"generationConfig":{"maxOutputTokens":5},"serviceTier":"flex"}""", """{"requests":[{"content":{}}],"content":{},"contents":[]}"""),
        body =>
        {
            foreach (var api in (ProviderApi[])[Plain, new EmbedContentApi(), new CountTokensApi()])
            {
                var (request, error) = api.ReadRequest(body, "m");
                Assert.True(request is null != (error is null));
            }
        },
        small: 2_000, large: 300_000);

    private static (CallRequest? Request, ProxyError? Error) Read(ProviderApi api, string body) => api.ReadRequest(Encoding.UTF8.GetBytes(body), "m");
}
