using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Proxy.Resilience;

namespace Governance.Web.Tests.Proxy;

/// <summary>Calls through a connection whose provider fails again and again.</summary>
public sealed class BreakerCallTests(ResilienceFixture proxy) : IClassFixture<ResilienceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_AfterFiveFailures_IsRefusedWithoutBeingSentAndSaysWhenToComeBack()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        await caller.FailAsync(5);
        var before = proxy.Upstream.Received.Count;

        foreach (var (advanced, seconds) in new[] { (0, "15"), (1, "15"), (999, "14"), (1, "14"), (13_998, "1") })
        {
            proxy.Clock.Advance(TimeSpan.FromMilliseconds(advanced));
            using var refused = await caller.CallAsync();
            Assert.Equal((503, seconds), ((int)refused.StatusCode, ResilienceCaller.RetryAfter(refused)));
            Assert.Equal("provider_unavailable", (await ProxyFixture.ErrorAsync(refused)).GetProperty("code").GetString());
            var booked = await caller.BookedAsync(refused);
            Assert.Equal((CallOutcome.Refused, 0L, 0), (booked.Row.Outcome!.Outcome, booked.Row.Cost.NanoUsd, booked.Attempts.Count));
        }

        Assert.Equal(before, proxy.Upstream.Received.Count);
        proxy.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using var trial = await caller.CallAsync();
        Assert.Equal(200, (int)trial.StatusCode);
    }

    [Fact]
    public async Task Call_TrialsSucceed_ClosesAndEachChangeIsWrittenOnce()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        await caller.FailAsync(5);
        proxy.Clock.Advance(TimeSpan.FromSeconds(15));
        var (one, other) = (new Gate(), new Gate());
        foreach (var gate in new[] { one, other })
        {
            proxy.Upstream.Enqueue(async exchange =>
            {
                await gate.PassAsync(exchange);
                await Replies.Json(Replies.Completion())(exchange);
            });
        }

        var trials = new[] { caller.CallAsync(), caller.CallAsync() };
        await Task.WhenAll(one.Reached, other.Reached);
        using (var third = await caller.CallAsync()) Assert.Equal((503, "15"), ((int)third.StatusCode, ResilienceCaller.RetryAfter(third)));
        one.Open();
        other.Open();
        foreach (var trial in trials) (await trial).Dispose();
        using (var closed = await caller.CallAsync()) Assert.Equal(200, (int)closed.StatusCode);

        await proxy.Server.Get<BreakerShare>().RunAsync(Cancellation);
        var changes = await Eventually.SomeAsync(async () => await caller.RowsAsync<BreakerEvent>() is { Count: >= 2 } rows ? rows : null, "the changes were written");
        Assert.Equal(
            [("first", BreakerState.Closed, BreakerState.Open), ("first", BreakerState.HalfOpen, BreakerState.Closed)],
            changes.OrderBy(change => change.At).Select(change => (change.Connection, change.From, change.To)));
    }

    [Fact]
    public async Task Call_TrialFails_PausesTwiceAsLong()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        await caller.FailAsync(5);
        proxy.Clock.Advance(TimeSpan.FromSeconds(15));
        await caller.FailAsync(1);
        using var refused = await caller.CallAsync();
        Assert.Equal("30", ResilienceCaller.RetryAfter(refused));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task Call_CallersFaultsAndBusyProviders_NeverOpen(int status)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        await caller.FailAsync(25, status);
        using var response = await caller.CallAsync();
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Call_ProviderIsBusyForLong_OpensForAsLongAsItAsks()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        await caller.FailAsync(5, 429, headers: ("retry-after", "100"));
        using var refused = await caller.CallAsync();
        Assert.Equal((503, "100"), ((int)refused.StatusCode, ResilienceCaller.RetryAfter(refused)));
    }

    [Fact]
    public async Task Call_OtherConnectionsAndOrganizations_AreUnaffected()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var neighbour = await proxy.NewCallerAsync(Cancellation);
        await caller.FailAsync(5);
        using var other = await caller.CallAsync("/proxy/second/chat/completions");
        using var neighbours = await neighbour.CallAsync();
        Assert.Equal((200, 200), ((int)other.StatusCode, (int)neighbours.StatusCode));
    }

    [Fact]
    public async Task ResetAsync_OpenBreaker_LetsCallsThroughAndIsAudited()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        var service = proxy.Server.Get<BreakerService>();
        Assert.False((await service.ResetAsync(caller.Tenant.Admin, "first", Cancellation)).Succeeded);
        await caller.FailAsync(5);
        (await service.ResetAsync(caller.Tenant.Admin, "first", Cancellation)).Required();
        using var response = await caller.CallAsync();
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(await caller.RowsAsync<AuditEvent>(), recorded => recorded.Action == "connection.breaker_reset");
        Assert.Contains(await caller.RowsAsync<BreakerEvent>(), change => change is { To: BreakerState.Closed, Reason: "Reset by hand." });
    }

    [Theory]
    [InlineData("chat", "error.code")]
    [InlineData("azure", "error.code")]
    [InlineData("anthropic", "error.message")]
    [InlineData("gemini", "error.details.0.reason")]
    [InlineData("converse", "message")]
    public async Task Call_Refused_IsInTheShapeOfEachFormat(string format, string where)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation);
        using var client = proxy.Server.NewClient(caller.Tenant.Key.Secret);
        var sample = FormatSample.All[format];
        HttpResponseMessage? refused = null;
        for (var call = 0; call < 40 && refused is null; call++)
        {
            // Operators' connections are tried three times: the clock moves until the call has come back.
            for (var attempt = 0; attempt < 3; attempt++) proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Overloaded"), 503));
            var pending = client.PostAsync($"/proxy/{sample.Path}", ProxyFixture.Json(sample.Body), Cancellation);
            await Eventually.TrueAsync(
                () =>
                {
                    if (!pending.IsCompleted) proxy.Clock.Advance(TimeSpan.FromMilliseconds(50));
                    return pending.IsCompleted;
                },
                "the call came back");
            var response = await pending;
            if (response.Headers.NonValidated.Contains("Retry-After")) refused = response;
            else response.Dispose();
        }

        using (refused)
        {
            Assert.Equal(503, (int)refused!.StatusCode);
            Assert.InRange(int.Parse(ResilienceCaller.RetryAfter(refused)!), 1, 15);
            var body = JsonDocument.Parse(await refused.Content.ReadAsByteArrayAsync(Cancellation)).RootElement;
            foreach (var name in where.Split('.')) body = int.TryParse(name, out var index) ? body[index] : body.GetProperty(name);
            Assert.Matches("(?i)provider_unavailable|failed repeatedly", body.GetString());
            if (format == "converse") Assert.Equal("ServiceUnavailableException", refused.Headers.GetValues("x-amzn-ErrorType").Single());
        }

        proxy.Upstream.ForgetScripts();
    }
}
