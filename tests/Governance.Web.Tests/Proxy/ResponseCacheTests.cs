using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Limits;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Tests.Proxy;

/// <summary>Calls that were asked before, by applications whose answers are kept.</summary>
public sealed class ResponseCacheTests(ResponseCacheTests.SmallAnswers proxy) : IClassFixture<ResponseCacheTests.SmallAnswers>
{
    /// <summary>What <see cref="Replies.Completion"/> costs: 12 × 250 + 5 × 2,000.</summary>
    private const long Cost = 13_000;

    private static readonly CostFilter Always = new(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_AskedBefore_IsAnsweredToTheByteAndBookedOnceWithWhatItSaved()
    {
        using var caller = await CachedAsync();
        var reply = Replies.Completion(prompt: 12, completion: 5);
        proxy.Upstream.Enqueue(Replies.Json(reply, 200, ("openai-version", "2020-10-01"), ("x-ratelimit-remaining-requests", "7")));
        using var first = await AskAsync(caller);
        var asked = proxy.Upstream.Received.Count;
        proxy.Clock.Advance(TimeSpan.FromSeconds(9));
        using var second = await AskAsync(caller);

        Assert.Equal(("miss", "hit", asked), (Cache(first), Cache(second), proxy.Upstream.Received.Count));
        Assert.Equal((200, reply, "application/json"), ((int)second.StatusCode, await second.Content.ReadAsStringAsync(Cancellation), second.Content.Headers.ContentType?.MediaType));
        Assert.Equal((TimeSpan.FromSeconds(9), "2020-10-01"), (second.Headers.Age, Assert.Single(second.Headers.GetValues("openai-version"))));
        Assert.False(second.Headers.Contains("x-ratelimit-remaining-requests"));
        Assert.NotEqual(ProxyFixture.CallId(first), ProxyFixture.CallId(second));

        var booked = await caller.BookedAsync(second);
        var entry = Assert.Single(booked.Row.Entries);
        Assert.Equal((CallOutcome.Succeeded, 200, 0L, Cost, 0L), (entry.Outcome, entry.Status, entry.CostNanoUsd, entry.SavedNanoUsd, entry.Usage.Total));
        Assert.Equal(("first", "gpt-5-mini", false), (entry.Connection, entry.Model, entry.Unpriced));
        Assert.Empty(booked.Attempts);
        Assert.Null(Assert.Single((await caller.BookedAsync(first)).Row.Entries).SavedNanoUsd);

        var total = await proxy.Server.Get<CostQueries>().TotalAsync(caller.Tenant.Admin, Always, Cancellation);
        Assert.Equal((2L, Cost, 1L, Cost, 0L), (total.Requests, total.CostNanoUsd, total.CacheHits, total.SavedNanoUsd, total.Errors));
        var leaf = Assert.Single(await caller.RowsAsync<AuditEvent>(), row => row.Id == ProxyFixture.CallId(second));
        Assert.Equal("call.succeeded", leaf.Action);
        Assert.Empty((await proxy.Server.Get<LedgerProof>().ProveAsync(caller.Tenant.Id, Cancellation)).Differences);

        var found = await proxy.Server.Get<RequestQueries>().ListAsync(caller.Tenant.Admin, new RequestFilter(Always.Range) { CachedOnly = true }, null, 10, Cancellation);
        Assert.Equal(ProxyFixture.CallId(second), Assert.Single(found.Items).Call.Id);
        var health = Assert.Single(await proxy.Server.Get<ConnectionQueries>().ListAsync(caller.Tenant.Admin, Always.Range, Cancellation), row => row.Name == "first");
        Assert.Equal((1L, 1L), (health.Hour.Calls, health.Calls));
    }

    [Fact]
    public async Task Call_CacheIsOff_GoesToTheProviderAndSaysNothing()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        var before = proxy.Upstream.Received.Count;
        for (var call = 0; call < 2; call++)
        {
            using var response = await AskAsync(caller);
            Assert.Null(Cache(response));
        }

        Assert.Equal(before + 2, proxy.Upstream.Received.Count);
    }

    [Fact]
    public async Task Call_AnythingElseThanThatRequest_GoesToTheProvider()
    {
        using var caller = await CachedAsync();
        (await AskAsync(caller)).Dispose();
        using (var otherBody = await AskAsync(caller, ProxyFixture.Body(extra: ""","temperature":0"""))) Assert.Equal("miss", Cache(otherBody));
        using (var otherModel = await AskAsync(caller, ProxyFixture.Body("gpt-5"))) Assert.Equal("miss", Cache(otherModel));
        using (var otherHeader = await AskAsync(caller, headers: ("OpenAI-Beta", "assistants=v2"))) Assert.Equal("miss", Cache(otherHeader));
        using (var otherQuery = await AskAsync(caller, path: ResilienceCaller.First + "?a=b")) Assert.Equal("miss", Cache(otherQuery));
        using (var otherConnection = await AskAsync(caller, path: "/proxy/second/chat/completions")) Assert.Equal("miss", Cache(otherConnection));
        using (var otherAgent = await AskAsync(caller, headers: ("User-Agent", "another/1.0"))) Assert.Equal("hit", Cache(otherAgent));
    }

    [Fact]
    public async Task Call_OfAnotherApplicationOrOrganization_IsNeverAnsweredWithIt()
    {
        using var caller = await CachedAsync();
        using var stranger = await CachedAsync();
        var (application, key) = await caller.Tenant.AddApplicationAsync(proxy.Server.Services, "Other", "Platform");
        (await proxy.Server.Get<ResponseCacheService>().SetAsync(caller.Tenant.Admin, application.Id, TimeSpan.FromHours(1), Cancellation)).Required();
        using var neighbour = caller with { Client = proxy.Server.NewClient(key.Secret) };
        (await AskAsync(caller)).Dispose();
        using (var response = await AskAsync(neighbour)) Assert.Equal("miss", Cache(response));
        using (var response = await AskAsync(stranger)) Assert.Equal("miss", Cache(response));
        using (var response = await AskAsync(caller)) Assert.Equal("hit", Cache(response));
    }

    [Fact]
    public async Task Call_OfAKeyThatMayNotCallTheModelThatAnswered_GetsItsOwn()
    {
        using var caller = await CachedAsync();
        await RouteAsync(caller, new RouteTarget("first", "gpt-5"), new RouteTarget("second", "gpt-5-mini", 2));
        var small = await KeyAsync(caller, "gpt-5-mini");
        (await AskAsync(caller, ProxyFixture.Body("fast"), ProxyFixture.Path)).Dispose();
        using var other = await AskAsync(caller with { Client = small }, ProxyFixture.Body("fast"), ProxyFixture.Path);
        Assert.Equal(("miss", "gpt-5-mini"), (Cache(other), Assert.Single((await caller.BookedAsync(other)).Row.Entries).Model));

        using var none = await AskAsync(caller with { Client = await KeyAsync(caller, "gpt-4.1") }, ProxyFixture.Body("fast"), ProxyFixture.Path);
        Assert.Equal(403, (int)none.StatusCode);
        small.Dispose();
    }

    [Fact]
    public async Task Call_Expired_IsAskedAnewAndAShorterTimeAppliesAtOnce()
    {
        using var caller = await CachedAsync();
        (await AskAsync(caller)).Dispose();
        proxy.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        using (var fresh = await AskAsync(caller)) Assert.Equal("hit", Cache(fresh));
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));
        using (var old = await AskAsync(caller)) Assert.Equal("miss", Cache(old));

        proxy.Clock.Advance(TimeSpan.FromMinutes(2));
        await SetAsync(caller, TimeSpan.FromMinutes(2));
        using (var tooOld = await AskAsync(caller)) Assert.Equal("miss", Cache(tooOld));
        await SetAsync(caller, null);
        using (var off = await AskAsync(caller)) Assert.Null(Cache(off));
    }

    [Fact]
    public async Task Call_CallerOptsOut_IsAskedAnew()
    {
        using var caller = await CachedAsync();
        using (var kept = await AskAsync(caller, headers: ("Cache-Control", "no-store"))) Assert.Equal("bypass", Cache(kept));
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 1, completion: 1)));
        using (var first = await AskAsync(caller)) Assert.Equal("miss", Cache(first));
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(prompt: 2, completion: 2)));
        using (var renewed = await AskAsync(caller, headers: ("Cache-Control", "no-cache"))) Assert.Equal("bypass", Cache(renewed));
        using var later = await AskAsync(caller);
        Assert.Equal(("hit", Replies.Completion(prompt: 2, completion: 2)), (Cache(later), await later.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Call_NotAWholeGoodAnswer_IsNotKept()
    {
        using var caller = await CachedAsync();
        foreach (var reply in new[] { Replies.Json(Replies.Error("Overloaded"), 503), Replies.Json("<html>"), Replies.HangUp, Replies.Json(Replies.Completion(), 201), Replies.Json(Replies.Completion(content: new string('x', 3000))) })
        {
            proxy.Upstream.Enqueue(reply);
            using var response = await AskAsync(caller);
            Assert.Equal("miss", Cache(response));
        }

        using var asked = await AskAsync(caller);
        Assert.Equal("miss", Cache(asked));
    }

    [Fact]
    public async Task Call_StreamsFreeAndStatefulOnes_AreNeitherKeptNorLookedFor()
    {
        using var caller = await CachedAsync();
        for (var call = 0; call < 2; call++)
        {
            proxy.Upstream.Enqueue(Replies.Stream());
            using var stream = await AskAsync(caller, ProxyFixture.Body(stream: true));
            Assert.Null(Cache(stream));
            using var conversation = await AskAsync(caller, ProxyFixture.Json("""{"model":"gpt-5-mini","input":"Hello","conversation":"conv_1"}"""), "/proxy/first/responses");
            Assert.Null(Cache(conversation));
            using var models = await caller.Client.GetAsync("/proxy/first/models", Cancellation);
            Assert.Null(Cache(models));
        }
    }

    [Fact]
    public async Task Call_FromTheCache_CountsForLimitsOfRequestsAndNeedsNoBudget()
    {
        using var caller = await CachedAsync();
        (await AskAsync(caller)).Dispose();
        var budget = new NewBudget(BudgetScope.Key, caller.Tenant.Key.Id, BudgetWindow.Total, new Money(1), Hard: true);
        (await proxy.Server.Get<BudgetService>().SetAsync(caller.Tenant.Admin, budget, Cancellation)).Required();
        (await proxy.Server.Get<RateLimitService>().SetAsync(caller.Tenant.Admin, LimitScope.Key, caller.Tenant.Key.Id.ToString(), new LimitValues(2, null, null), Cancellation)).Required();
        using (var otherwise = await AskAsync(caller, ProxyFixture.Body(extra: ""","seed":1"""))) Assert.Equal("budget_exceeded", (await ProxyFixture.ErrorAsync(otherwise)).GetProperty("code").GetString());
        using (var hit = await AskAsync(caller)) Assert.Equal("hit", Cache(hit));
        using (var limited = await AskAsync(caller)) Assert.Equal((429, null), ((int)limited.StatusCode, Cache(limited)));
        Assert.Equal(0, Assert.Single(await caller.RowsAsync<BudgetPeriod>()).HeldNanoUsd);
    }

    [Fact]
    public async Task Metrics_AfterHits_SayHowManyAndWhatTheySaved()
    {
        using var caller = await CachedAsync();
        for (var call = 0; call < 3; call++) (await AskAsync(caller)).Dispose();
        var monitoring = (await proxy.Server.Get<ServiceAccountService>().CreateAsync(
            caller.Tenant.Admin, new NewServiceAccount("Monitoring") { Scopes = [Permissions.MetricsRead] }, Cancellation)).Required();
        using var client = proxy.Server.NewClient(monitoring.Secret);
        var lines = await Eventually.SomeAsync(
            async () => (await client.GetStringAsync("/metrics", Cancellation)).Split('\n') is var all && all.Any(line => line.StartsWith("governance_cost_nano_usd_total", StringComparison.Ordinal)) ? all : null,
            "the call that was paid for was booked");
        foreach (var (name, value) in new[] { ("governance_response_cache_hits_total", "2"), ("governance_response_cache_saved_nano_usd_total", $"{2 * Cost}"), ("governance_cost_nano_usd_total", $"{Cost}") })
            Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith(" " + value, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("governance_response_cache_lookups_total", StringComparison.Ordinal) && line.Contains("\"miss\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_Kept_IsInNoTable()
    {
        const string secret = "MARKER-ANSWER-93b1";
        using var caller = await CachedAsync();
        proxy.Upstream.Enqueue(Replies.Json(Replies.Completion(content: secret)));
        for (var call = 0; call < 2; call++)
        {
            using var response = await AskAsync(caller);
            Assert.Contains(secret, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            await caller.BookedAsync(response);
        }

        Assert.DoesNotContain(secret, await TableText.OfAsync(proxy.Server, Cancellation), StringComparison.Ordinal);
    }

    private static string? Cache(HttpResponseMessage response) => response.Headers.TryGetValues("x-governance-cache", out var values) ? values.Single() : null;

    /// <summary>One after the other: an answer is kept once it was sent, so the one before is waited for until it is booked.</summary>
    private static async Task<HttpResponseMessage> AskAsync(ResilienceCaller caller, HttpContent? body = null, string path = ResilienceCaller.First, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body ?? ProxyFixture.Body() };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await caller.Client.SendAsync(request, Cancellation);
        await caller.BookedAsync(response);
        return response;
    }

    private async Task<ResilienceCaller> CachedAsync()
    {
        var caller = await proxy.NewCallerAsync(Cancellation);
        await SetAsync(caller, TimeSpan.FromMinutes(10));
        return caller;
    }

    private async Task SetAsync(ResilienceCaller caller, TimeSpan? keepFor) =>
        (await proxy.Server.Get<ResponseCacheService>().SetAsync(caller.Tenant.Admin, caller.Tenant.Application.Id, keepFor, Cancellation)).Required();

    private async Task RouteAsync(ResilienceCaller caller, params RouteTarget[] targets) =>
        (await proxy.Server.Get<RouteService>().CreateAsync(caller.Tenant.Admin, new RouteDraft("openai", "fast", targets), Cancellation)).Required();

    private async Task<HttpClient> KeyAsync(ResilienceCaller caller, string model) => proxy.Server.NewClient((await proxy.Server.Get<KeyService>().CreateAsync(
        caller.Tenant.Admin, new NewVirtualKey(caller.Tenant.Application.Id, model, "test", "internal") { AllowedModels = [model], Scopes = [ProxyApis.ChatCompletions] }, Cancellation)).Required().Secret);

    /// <summary>Answers of more than two kilobytes are not kept.</summary>
    public sealed class SmallAnswers : ResilienceFixture
    {
        protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Proxy:ResponseCache:MaxEntryBytes"] = "2048" };
    }
}
