using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Tests.Proxy;

/// <summary>Calls that follow a route.</summary>
public sealed class FallbackTests(ResilienceFixture proxy) : IClassFixture<ResilienceFixture>
{
    private static readonly RouteTarget First = new("first"), SecondAsGpt5 = new("second", "gpt-5", 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_FirstFails_GoesToTheSecondWithItsModelAndItsPrice()
    {
        using var caller = await RoutedAsync("gpt-5-mini", First, SecondAsGpt5);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Overloaded"), 503, ("retry-after", "3")));
        proxy.Spare.Enqueue(Replies.Json(Replies.Completion("gpt-5-2025-08-07", prompt: 12, completion: 5)));
        using var response = await caller.CallAsync(ProxyFixture.Path);

        Assert.Equal(Replies.Completion("gpt-5-2025-08-07", prompt: 12, completion: 5), await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Null(ResilienceCaller.RetryAfter(response));
        Assert.Contains("\"model\":\"gpt-5\"", proxy.Spare.Received[^1].Text, StringComparison.Ordinal);
        Assert.Equal("Bearer sk-second", proxy.Spare.Received[^1].Headers["Authorization"]);
        var booked = await caller.BookedAsync(response);
        Assert.Equal([("first", "gpt-5-mini", 503), ("second", "gpt-5", 200)], booked.Attempts.Select(attempt => (attempt.Connection, attempt.Model!, attempt.Status!.Value)));

        // gpt-5: 1.25 dollars a million in, 10 out: 12 × 1,250 + 5 × 10,000.
        var entry = Assert.Single(booked.Row.Entries);
        Assert.Equal(("openai", "second", "gpt-5", 65_000L, CallOutcome.Succeeded), (entry.Provider, entry.Connection, entry.Model, entry.CostNanoUsd, entry.Outcome));
        Assert.Equal(("first", "gpt-5-mini"), (booked.Row.Call.Connection, booked.Row.Call.RequestedModel));
        Assert.Equal("second", booked.Row.Connection);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Call_KeyOfTheFirstIsRefused_GoesToTheSecondAtOnce(int status)
    {
        using var caller = await RoutedAsync("gpt-5-mini", First, SecondAsGpt5);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Incorrect API key provided"), status));
        using var response = await caller.CallAsync(ProxyFixture.Path);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal([("first", status), ("second", 200)], (await caller.BookedAsync(response)).Attempts.Select(attempt => (attempt.Connection, attempt.Status!.Value)));
    }

    [Fact]
    public async Task Call_NameOfTheOrganizationsOwn_IsAskedForAsTheModelOfTheTarget()
    {
        using var caller = await RoutedAsync("fast", new RouteTarget("first", "gpt-5-mini"));
        using var response = await caller.CallAsync(ProxyFixture.Path, "fast");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("\"model\":\"gpt-5-mini\"", proxy.Upstream.Received[^1].Text, StringComparison.Ordinal);
        Assert.Equal("gpt-5-mini", (await caller.BookedAsync(response)).Row.Call.RequestedModel);
    }

    [Fact]
    public async Task Call_ConnectionByName_FollowsNoRoute()
    {
        using var caller = await RoutedAsync("gpt-5-mini", new RouteTarget("second"));
        var before = proxy.Spare.Received.Count;
        using var response = await caller.CallAsync();
        Assert.Equal((200, before), ((int)response.StatusCode, proxy.Spare.Received.Count));
    }

    [Fact]
    public async Task Call_AllFail_TheCallerGetsTheLastAnswerByteForByte()
    {
        using var caller = await RoutedAsync("gpt-5-mini", First, SecondAsGpt5);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("First is down"), 503));
        proxy.Spare.Enqueue(Replies.Json(Replies.Error("Second is busy"), 429, ("retry-after", "44")));
        using var response = await caller.CallAsync(ProxyFixture.Path);
        Assert.Equal((429, Replies.Error("Second is busy"), "44"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), ResilienceCaller.RetryAfter(response)));
        Assert.Equal("second", Assert.Single((await caller.BookedAsync(response)).Row.Entries).Connection);
    }

    [Fact]
    public async Task Call_SecondIsNotReached_TheCallerGetsWhatTheFirstAnswered()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, firstUrl: "http://127.0.0.1:9/v1");
        await RouteAsync(caller, "gpt-5-mini", new RouteTarget("second"), new RouteTarget("first", null, 2));
        proxy.Spare.Enqueue(Replies.Json(Replies.Error("Busy"), 429));
        using var response = await caller.CallAsync(ProxyFixture.Path);
        Assert.Equal((429, Replies.Error("Busy")), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal([429, null], (await caller.BookedAsync(response)).Attempts.Select(attempt => attempt.Status));
    }

    [Fact]
    public async Task Call_FirstIsNotReached_GoesToTheSecond()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, firstUrl: "http://127.0.0.1:9/v1");
        await RouteAsync(caller, "gpt-5-mini", First, new RouteTarget("second", null, 2));
        using var response = await caller.CallAsync(ProxyFixture.Path);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Call_CutAtTheFirst_DoesNotGoToTheSecond()
    {
        using var caller = await RoutedAsync("gpt-5-mini", First, SecondAsGpt5);
        var before = proxy.Spare.Received.Count;
        proxy.Upstream.Enqueue(Replies.HangUp);
        using var response = await caller.CallAsync(ProxyFixture.Path);
        Assert.Equal((502, before), ((int)response.StatusCode, proxy.Spare.Received.Count));
    }

    [Fact]
    public async Task Call_BreakerOfTheFirstIsOpen_GoesStraightToTheSecondAndIsRefusedOnlyWhenAllAre()
    {
        using var caller = await RoutedAsync("gpt-5-mini", First, SecondAsGpt5);
        await caller.FailAsync(5);
        var before = proxy.Upstream.Received.Count;
        using (var response = await caller.CallAsync(ProxyFixture.Path)) Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(before, proxy.Upstream.Received.Count);

        proxy.Clock.Advance(TimeSpan.FromSeconds(4));
        for (var failure = 0; failure < 5; failure++)
        {
            proxy.Spare.Enqueue(Replies.Json(Replies.Error("Down"), 500));
            (await caller.CallAsync(ProxyFixture.Path)).Dispose();
        }

        using var refused = await caller.CallAsync(ProxyFixture.Path);
        Assert.Equal((503, "11"), ((int)refused.StatusCode, ResilienceCaller.RetryAfter(refused)));
    }

    [Fact]
    public async Task Call_TargetsTheKeyMayNotCallOrThatHaveNoPrice_AreLeftOut()
    {
        using var caller = await RoutedAsync("fast", new RouteTarget("first", "gpt-5"), new RouteTarget("first", "nobody-knows-it", 2), new RouteTarget("second", "gpt-5-mini", 3));
        var key = (await proxy.Server.Get<KeyService>().CreateAsync(
            caller.Tenant.Admin,
            new NewVirtualKey(caller.Tenant.Application.Id, "Small", "test", "internal") { AllowedModels = ["gpt-5-mini", "nobody*"], Scopes = [ProxyApis.ChatCompletions] }, Cancellation)).Required();
        using var small = caller with { Client = proxy.Server.NewClient(key.Secret) };
        using (var response = await small.CallAsync(ProxyFixture.Path, "fast"))
            Assert.Equal("second", Assert.Single((await caller.BookedAsync(response)).Attempts).Connection);

        await RouteAsync(caller, "slow", new RouteTarget("first", "gpt-5"));
        using var refused = await small.CallAsync(ProxyFixture.Path, "slow");
        Assert.Equal((403, "model_not_allowed"), ((int)refused.StatusCode, (await ProxyFixture.ErrorAsync(refused)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Metrics_AfterAFallback_CountItAndTellHowBreakersStand()
    {
        using var caller = await RoutedAsync("gpt-5-mini", First, SecondAsGpt5);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Overloaded"), 503));
        (await caller.CallAsync(ProxyFixture.Path)).Dispose();
        await caller.FailAsync(4);

        var monitoring = (await proxy.Server.Get<ServiceAccountService>().CreateAsync(
            caller.Tenant.Admin, new NewServiceAccount("Monitoring") { Scopes = [Permissions.MetricsRead] }, Cancellation)).Required();
        using var client = proxy.Server.NewClient(monitoring.Secret);
        var lines = (await client.GetStringAsync("/metrics", Cancellation)).Split('\n');
        Assert.Contains(lines, line => line.StartsWith("governance_fallbacks_total", StringComparison.Ordinal) && line.Contains("\"second\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
        foreach (var (connection, state) in new[] { ("first", " 2"), ("second", " 0") })
            Assert.Contains(lines, line => line.StartsWith("governance_breaker_state", StringComparison.Ordinal) && line.Contains($"\"{connection}\"", StringComparison.Ordinal) && line.EndsWith(state, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreateAsync_WhatCannotWork_IsRefusedWithTheField()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        var service = proxy.Server.Get<RouteService>();
        foreach (var (draft, field) in new (RouteDraft, string)[]
        {
            (new("openai", "", [First]), nameof(RouteDraft.Model)),
            (new("openai", "a*b", [First]), nameof(RouteDraft.Model)),
            (new("openai-compatible", "a", [First]), nameof(RouteDraft.Kind)),
            (new("anthropic", "a", [First]), nameof(RouteDraft.Targets)),
            (new("openai", "a", []), nameof(RouteDraft.Targets)),
            (new("openai", "a", [new("nowhere")]), nameof(RouteDraft.Targets)),
            (new("openai", "a", [First, First with { Weight = 2 }]), nameof(RouteDraft.Targets)),
            (new("openai", "a", [First with { Weight = 0 }]), nameof(RouteDraft.Targets)),
            (new("openai", "a", [First with { Priority = 0 }]), nameof(RouteDraft.Targets)),
        })
            Assert.Equal(field, (await service.CreateAsync(caller.Tenant.Admin, draft, Cancellation)).Refusal?.Field);

        (await service.CreateAsync(caller.Tenant.Admin, new RouteDraft("openai", "a", [First]), Cancellation)).Required();
        Assert.Equal(nameof(RouteDraft.Model), (await service.CreateAsync(caller.Tenant.Admin, new RouteDraft("openai", "a", [First]), Cancellation)).Refusal?.Field);
    }

    private async Task<ResilienceCaller> RoutedAsync(string model, params RouteTarget[] targets)
    {
        var caller = await proxy.NewCallerAsync(Cancellation);
        await RouteAsync(caller, model, targets);
        return caller;
    }

    private async Task RouteAsync(ResilienceCaller caller, string model, params RouteTarget[] targets) =>
        (await proxy.Server.Get<RouteService>().CreateAsync(caller.Tenant.Admin, new RouteDraft("openai", model, targets), Cancellation)).Required();
}
