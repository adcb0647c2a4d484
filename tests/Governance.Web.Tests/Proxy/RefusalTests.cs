using Governance.Domain.Proxy;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Tests.Proxy;

public sealed class RefusalTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{", 400, "invalid_json")]
    [InlineData("", 400, "invalid_json")]
    [InlineData("[]", 400, "invalid_json")]
    [InlineData("""{"model":"gpt-5-mini","messages":[]} trailing""", 400, "invalid_json")]
    [InlineData("""{"messages":[]}""", 400, "invalid_request")]
    [InlineData("""{"model":"gpt-5-mini"}""", 400, "invalid_request")]
    [InlineData("""{"model":7,"messages":[]}""", 400, "invalid_request")]
    [InlineData("""{"model":"gpt-5-mini","messages":[],"stream":"yes"}""", 400, "invalid_request")]
    [InlineData("""{"model":"no-such-model","messages":[]}""", 400, "model_not_priced")]
    public async Task Call_BadBody_IsRefusedInOpenAisShapeWithOneRow(string body, int status, string code)
    {
        var before = proxy.Upstream.Received.Count;

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Json(body), Cancellation);

        await AssertRefusedAsync(response, status, code);
        Assert.Equal(before, proxy.Upstream.Received.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_BodyTooLarge_IsRefused(bool chunked)
    {
        using var content = ProxyFixture.Json($$"""{"model":"gpt-5-mini","messages":[{"content":"{{new string('x', 70_000)}}"}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await proxy.Caller.SendAsync(request, Cancellation);

        await AssertRefusedAsync(response, 413, "request_too_large");
    }

    [Fact]
    public async Task Call_InvalidUtf8_IsRefused()
    {
        using var content = new ByteArrayContent([.. "{\"model\":\""u8, 0xFF, 0xFE, .. "\",\"messages\":[]}"u8]);

        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, content, Cancellation);

        await AssertRefusedAsync(response, 400, "invalid_json");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a=1, a=2")]
    [InlineData("bad name=1")]
    public async Task Call_BadTags_IsRefused(string tags)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path) { Content = ProxyFixture.Body() };
        request.Headers.Add("x-governance-tags", tags);

        using var response = await proxy.Caller.SendAsync(request, Cancellation);

        await AssertRefusedAsync(response, 400, "invalid_tags");
    }

    [Theory]
    [InlineData(null, "missing_api_key")]
    [InlineData("sk-not-ours", "invalid_api_key")]
    [InlineData("gvk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "invalid_api_key")]
    public async Task Call_WithoutAValidKey_IsRefusedAndRecordedWithTheOperatingOrganisation(string? key, string code)
    {
        using var stranger = proxy.Server.NewClient(key);

        using var response = await stranger.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        await AssertRefusedAsync(response, 401, code);
        Assert.Null((await proxy.BookedAsync(response)).Row.Call.KeyId);
    }

    [Fact]
    public async Task Call_RevokedKey_IsRefusedAtTheNextCall()
    {
        var (_, key) = await proxy.Tenant.AddApplicationAsync(proxy.Server.Services, "Revoked", "Platform");
        using var caller = proxy.Server.NewClient(key.Secret);
        using (var allowed = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation)) Assert.True(allowed.IsSuccessStatusCode);

        (await proxy.Server.Get<KeyService>().RevokeAsync(proxy.Tenant.Admin, key.Id, Cancellation)).Required();
        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        await AssertRefusedAsync(response, 401, "revoked_api_key");
    }

    [Theory]
    [InlineData("GET", "/proxy/openai/v1/chat/completions", "unknown_endpoint")]
    [InlineData("POST", "/proxy/openai/v1/audio/speech", "unknown_endpoint")]
    [InlineData("POST", "/proxy/openai", "unknown_endpoint")]
    [InlineData("POST", "/proxy/nobody/v1/chat/completions", "unknown_connection")]
    [InlineData("POST", "/proxy", "unknown_connection")]
    public async Task Call_EndpointThatCannotBeMetered_IsNotPassed(string method, string path, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await proxy.Caller.SendAsync(request, Cancellation);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(code, (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());

        // What somebody wrote into an address is no provider, and becomes none on the pages.
        Assert.Equal(code == "unknown_connection" ? Call.UnknownProvider : "openai", (await proxy.BookedAsync(response)).Row.Provider);
    }

    [Fact]
    public async Task Call_NoProviderConfigured_Answers503()
    {
        await using var server = await GovernanceServer.StartAsync();
        var tenant = await server.AddTenantAsync();
        using var caller = server.NewClient(tenant.Key.Secret);

        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("provider_not_configured", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Call_UnpricedModelThatMayPass_IsFlaggedUnpriced()
    {
        await using var server = await GovernanceServer.StartAsync(
            upstream: proxy.Upstream, settings: new Dictionary<string, string?> { ["Proxy:UnpricedModels"] = "Pass" });
        var tenant = await server.AddTenantAsync();
        using var caller = server.NewClient(tenant.Key.Secret);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(model: "no-such-model")));

        using var response = await caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body("no-such-model"), Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        var booked = await Eventually.SomeAsync(
            async () => await server.Get<RequestQueries>().FindAsync(tenant.Admin, ProxyFixture.CallId(response), Cancellation) is { Row.IsOpen: false } row ? row : null,
            "the call was booked");
        Assert.Equal((true, 0L), (booked.Row.Outcome!.Unpriced, booked.Row.Cost.NanoUsd));
    }

    private async Task AssertRefusedAsync(HttpResponseMessage response, int status, string code)
    {
        Assert.Equal(status, (int)response.StatusCode);
        var error = await ProxyFixture.ErrorAsync(response);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.NotEmpty(error.GetProperty("type").GetString()!);
        var row = (await proxy.BookedAsync(response)).Row;
        Assert.Equal((CallOutcome.Refused, code, (int?)status, 0L, 1),
            (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Outcome.Status, row.Cost.NanoUsd, row.Entries.Count));
    }
}
