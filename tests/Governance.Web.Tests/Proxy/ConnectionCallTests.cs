using System.Net;
using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy.Connections;

namespace Governance.Web.Tests.Proxy;

/// <summary>Calls through an organisation's own connections, beside the operator's.</summary>
public sealed class ConnectionCallTests : IAsyncLifetime
{
    private const string Key = "sk-of-the-organisation";

    private readonly ProxyFixture _proxy = new();
    private StubUpstream _upstream = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ConnectionService Service => _proxy.Server.Get<ConnectionService>();

    public async ValueTask InitializeAsync()
    {
        await _proxy.InitializeAsync();
        _upstream = await StubUpstream.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("/proxy/openai-eu/chat/completions")]
    [InlineData("/proxy/openai-eu/v1/chat/completions")]
    [InlineData(ProxyFixture.Path)]
    public async Task Call_ApprovedConnectionByNameOrAsDefault_GoesThereWithItsKey(string path)
    {
        await CreateAsync(new ConnectionDraft("openai-eu", "openai", _upstream.BaseUrl) { Secret = Key, Region = "eu" });
        using var response = await _proxy.Caller.PostAsync(path, ProxyFixture.Body(), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(_proxy.Upstream.Received);
        var received = Assert.Single(_upstream.Received);
        Assert.Equal(("/v1/chat/completions", "Bearer " + Key), (received.Path, received.Headers["Authorization"]));
        var booked = await _proxy.BookedAsync(response);
        Assert.Equal(("openai", "openai-eu", "eu"), (booked.Row.Call.Provider, booked.Row.Call.Connection, booked.Row.Call.Region));
        Assert.Equal("openai-eu", Assert.Single(booked.Attempts).Connection);
    }

    /// <summary>Of which kind a connection is, is known only once its caller is: each place that an SDK has for a key is looked at.</summary>
    [Theory]
    [InlineData("x-api-key", "")]
    [InlineData("api-key", "")]
    [InlineData("x-goog-api-key", "")]
    [InlineData(null, "?key=")]
    public async Task Call_ConnectionByName_TakesTheKeyWhereSdksPutIt(string? header, string query)
    {
        await CreateAsync(new ConnectionDraft("openai-eu", "openai", _upstream.BaseUrl) { Secret = Key });
        var key = _proxy.Caller.DefaultRequestHeaders.Authorization!.Parameter!;
        using var caller = _proxy.Server.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/openai-eu/chat/completions" + (header is null ? query + key : "")) { Content = ProxyFixture.Body() };
        if (header is not null) request.Headers.Add(header, key);
        using var response = await caller.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(key, Assert.Single(_upstream.Received).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NotApprovedOrWithdrawn_IsRefusedAndSendsNothing()
    {
        var id = await CreateAsync(new ConnectionDraft("openai-eu", "openai", _upstream.BaseUrl) { Secret = Key }, approved: false);
        await AssertRefusedAsync("/proxy/openai-eu/chat/completions");
        (await Service.ApproveAsync(_proxy.Tenant.Admin, id, Cancellation)).Required();
        (await Service.WithdrawAsync(_proxy.Tenant.Admin, id, Cancellation)).Required();
        await AssertRefusedAsync("/proxy/openai-eu/chat/completions");
        await AssertRefusedAsync(ProxyFixture.Path);
        Assert.Empty(_upstream.Received);
        Assert.Empty(_proxy.Upstream.Received);
    }

    [Fact]
    public async Task Call_NotApprovedBesideTheOperators_LeavesTheKindAlone()
    {
        await CreateAsync(new ConnectionDraft("openai-eu", "openai", _upstream.BaseUrl) { Secret = Key }, approved: false);
        using var response = await _proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(_proxy.Upstream.Received);
    }

    [Fact]
    public async Task Call_Alias_IsPricedGovernedAndRecordedAsTheModelAndSentAsItWas()
    {
        await CreateAsync(new ConnectionDraft("azure-like", "openai", _upstream.BaseUrl) { Secret = Key, Aliases = new Dictionary<string, string> { ["my-deployment"] = "gpt-5-mini" } });
        using var response = await _proxy.Caller.PostAsync("/proxy/azure-like/chat/completions", ProxyFixture.Body("my-deployment"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"my-deployment\"", Assert.Single(_upstream.Received).Text, StringComparison.Ordinal);
        var booked = await _proxy.BookedAsync(response);
        Assert.Equal("gpt-5-mini", booked.Row.Call.RequestedModel);
        Assert.NotNull(booked.Row.Entries[0].PriceId);
    }

    [Fact]
    public async Task Call_CompatibleServer_IsPricedAndRecordedUnderItsName()
    {
        await CreateAsync(new ConnectionDraft("vllm", "openai-compatible", _upstream.BaseUrl) { Secret = Key });
        using (var unpriced = await _proxy.Caller.PostAsync("/proxy/vllm/chat/completions", ProxyFixture.Body("llama"), Cancellation))
            Assert.Equal("model_not_priced", (await ProxyFixture.ErrorAsync(unpriced)).GetProperty("code").GetString());
        (await _proxy.Server.Get<PriceService>().AddAsync(_proxy.Tenant.Admin, new NewPrice { Provider = "vllm", Model = "llama", Input = 1, Output = 2, Source = "our own hardware" }, Cancellation)).Required();
        _upstream.Enqueue(Replies.Json(Replies.Completion("llama")));
        using var response = await _proxy.Caller.PostAsync("/proxy/vllm/chat/completions", ProxyFixture.Body("llama"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("vllm", (await _proxy.BookedAsync(response)).Row.Call.Provider);
    }

    [Fact]
    public async Task Call_ConnectionOfAnotherOrganization_IsUnknown()
    {
        var other = await _proxy.Server.AddTenantAsync();
        var id = (await Service.CreateAsync(other.Admin, new ConnectionDraft("theirs", "openai", _upstream.BaseUrl) { Secret = Key }, Cancellation)).Required();
        (await Service.ApproveAsync(other.Admin, id, Cancellation)).Required();
        using var response = await _proxy.Caller.PostAsync("/proxy/theirs/chat/completions", ProxyFixture.Body(), Cancellation);
        Assert.Equal("unknown_connection", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
        Assert.Empty(_upstream.Received);
    }

    [Fact]
    public async Task Api_ListConnections_TellsNoSecretAndNeedsTheScope()
    {
        await CreateAsync(new ConnectionDraft("openai-eu", "openai", _upstream.BaseUrl) { Secret = Key });
        var account = (await _proxy.Server.Get<ServiceAccountService>()
            .CreateAsync(_proxy.Tenant.Admin, new NewServiceAccount("Inventory") { Scopes = [Permissions.ProvidersRead] }, Cancellation)).Required();
        using var api = _proxy.Server.NewClient(account.Secret);
        var text = await api.GetStringAsync("/api/v1/connections", Cancellation);
        Assert.DoesNotContain(Key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(StubUpstream.ApiKey, text, StringComparison.Ordinal);
        var items = JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["openai-eu", "openai"], items.Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(["organization", "operator"], items.Select(item => item.GetProperty("source").GetString()));
        using var refused = await _proxy.Api.GetAsync("/api/v1/connections", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<Guid> CreateAsync(ConnectionDraft draft, bool approved = true)
    {
        var id = (await Service.CreateAsync(_proxy.Tenant.Admin, draft, Cancellation)).Required();
        if (approved) (await Service.ApproveAsync(_proxy.Tenant.Admin, id, Cancellation)).Required();
        return id;
    }

    private async Task AssertRefusedAsync(string path)
    {
        using var response = await _proxy.Caller.PostAsync(path, ProxyFixture.Body(), Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("connection_not_approved", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
        Assert.Equal("openai-eu", (await _proxy.BookedAsync(response)).Row.Call.Connection);
    }
}
