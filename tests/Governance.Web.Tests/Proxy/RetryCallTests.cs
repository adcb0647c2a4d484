using System.Net;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Tests.Proxy;

/// <summary>What is tried again, when, and what never is. The clock moves once the proxy waits, and only then.</summary>
public sealed class RetryCallTests(ResilienceFixture proxy) : IClassFixture<ResilienceFixture>
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Retry-After", "7", 7000)]
    [InlineData("retry-after-ms", "1500", 1500)]
    [InlineData("Retry-After", "Mon, 02 Nov 2026 10:00:09 GMT", 9000)]
    public async Task Call_ProviderSaysHowLongToWait_IsTriedAgainThenAndNotBefore(string header, string value, int milliseconds)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        if (value.EndsWith("GMT", StringComparison.Ordinal))
        {
            proxy.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (proxy.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerSecond))); // A date has no fractions.
            value = (proxy.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(milliseconds)).ToString("r");
        }

        var (before, wait) = (proxy.Upstream.Received.Count, TimeSpan.FromMilliseconds(milliseconds));
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Busy"), 429, (header, value)));
        var call = caller.CallAsync();
        await Eventually.TrueAsync(() => proxy.Clock.IsAwaited(wait), "the proxy waits as long as it was asked to");

        proxy.Clock.Advance(wait - Instant);
        Assert.Equal((false, before + 1), (call.IsCompleted, proxy.Upstream.Received.Count));
        proxy.Clock.Advance(Instant);

        using var response = await call.WaitAsync(Eventually.Bound, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var booked = await caller.BookedAsync(response);
        Assert.Equal([(1, "first", "gpt-5-mini", 429), (2, "first", "gpt-5-mini", 200)], Rows(booked));
        Assert.Equal(CallOutcome.Succeeded, booked.Row.Outcome!.Outcome);
        Assert.Equal(milliseconds, (booked.Attempts[1].StartedAt - booked.Attempts[0].StartedAt).TotalMilliseconds);
    }

    [Fact]
    public async Task Call_ProviderAsksForTooLong_TheCallerGetsItsAnswerByteForByte()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        var error = Replies.Error("Slow down", "requests", "rate_limit_exceeded");
        proxy.Upstream.Enqueue(Replies.Json(error, 429, ("retry-after", "21")));
        using var response = await caller.CallAsync();
        Assert.Equal((429, error, "21"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation), ResilienceCaller.RetryAfter(response)));
        Assert.Single((await caller.BookedAsync(response)).Attempts);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    public async Task Call_EveryAttemptFails_TheCallerGetsTheLastAnswer(int status)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        for (var attempt = 1; attempt <= 3; attempt++) proxy.Upstream.Enqueue(Replies.Json(Replies.Error($"Failure {attempt}"), status));
        using var response = await MovingAsync(caller.CallAsync());
        Assert.Equal((status, Replies.Error("Failure 3")), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
        var booked = await caller.BookedAsync(response);
        Assert.Equal([1, 2, 3], booked.Attempts.Select(attempt => attempt.Number));
        Assert.Equal((CallOutcome.ProviderError, 0L, (int?)status), (booked.Row.Outcome!.Outcome, booked.Row.Cost.NanoUsd, booked.Row.Outcome.Status));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task Call_OtherErrors_AreNotRepeated(int status)
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("No"), status));
        using var response = await caller.CallAsync();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Single((await caller.BookedAsync(response)).Attempts);
    }

    [Fact]
    public async Task Call_CutAfterItWasSent_IsNotRepeatedBecauseItMayHaveCost()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        var before = proxy.Upstream.Received.Count;
        proxy.Upstream.Enqueue(Replies.HangUp);
        using var response = await caller.CallAsync();
        Assert.Equal((502, before + 1), ((int)response.StatusCode, proxy.Upstream.Received.Count));
        var booked = await caller.BookedAsync(response);
        Assert.Equal((CallOutcome.ProviderCut, true, 1), (booked.Row.Outcome!.Outcome, booked.Row.Cost.NanoUsd > 0, booked.Attempts.Count));
    }

    [Fact]
    public async Task Call_ProviderStaysSilentForLongerThanItsConnectionAllows_IsNotRepeated()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3, silentSeconds: 20);
        var (gate, before) = (new Gate(), proxy.Upstream.Received.Count);
        proxy.Upstream.Enqueue(gate.PassAsync);
        var call = caller.CallAsync();
        await gate.Reached;
        proxy.Clock.Advance(TimeSpan.FromSeconds(20) - Instant);
        Assert.False(call.IsCompleted);
        proxy.Clock.Advance(Instant);
        using var response = await call.WaitAsync(Eventually.Bound, Cancellation);
        Assert.Equal((504, before + 1), ((int)response.StatusCode, proxy.Upstream.Received.Count));
    }

    [Fact]
    public async Task Stream_CutAfterItsFirstByte_IsNotRepeated()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        var before = proxy.Upstream.Received.Count;
        proxy.Upstream.Enqueue(Replies.Stream(Replies.Chunk("Hello")));
        using var response = await caller.CallAsync(stream: true);
        Assert.Contains("provider_stream_cut", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(before + 1, proxy.Upstream.Received.Count);
        Assert.Single((await caller.BookedAsync(response)).Attempts);
    }

    [Fact]
    public async Task Stream_FailsBeforeItBegins_IsRepeatedAndRelayed()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Overloaded"), 503));
        proxy.Upstream.Enqueue(Replies.Stream(Replies.Chunk("Hello"), Replies.UsageChunk(), Replies.Done));
        using var response = await MovingAsync(caller.CallAsync(stream: true));
        Assert.Equal(Replies.Chunk("Hello") + Replies.Done, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal([503, 200], (await caller.BookedAsync(response)).Attempts.Select(attempt => attempt.Status!.Value));
    }

    [Fact]
    public async Task Call_NeverConnected_IsRepeatedAndFree()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3, firstUrl: "http://127.0.0.1:9/v1");
        using var response = await MovingAsync(caller.CallAsync());
        Assert.Equal((502, "provider_unreachable"), ((int)response.StatusCode, (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString()));
        var booked = await caller.BookedAsync(response);
        Assert.Equal((CallOutcome.ProviderUnreachable, 0L, 3), (booked.Row.Outcome!.Outcome, booked.Row.Cost.NanoUsd, booked.Attempts.Count));
    }

    [Fact]
    public async Task Call_CallerHangsUpWhileTheProxyWaits_IsNotTriedAgain()
    {
        using var caller = await proxy.NewCallerAsync(Cancellation, attempts: 3);
        var before = proxy.Upstream.Received.Count;
        proxy.Upstream.Enqueue(Replies.Json(Replies.Error("Busy"), 503, ("retry-after", "11")));
        using var hangUp = new CancellationTokenSource();
        var call = caller.Client.PostAsync(ResilienceCaller.First, ProxyFixture.Body(), hangUp.Token);
        await Eventually.TrueAsync(() => proxy.Clock.IsAwaited(TimeSpan.FromSeconds(11)), "the proxy waits");
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var entry = await Eventually.SomeAsync(
            async () => (await caller.RowsAsync<Infrastructure.Costs.LedgerEntry>()).SingleOrDefault(), "the call was booked");
        Assert.Equal((CallOutcome.ProviderError, 0L), (entry.Outcome, entry.CostNanoUsd));
        Assert.Equal(before + 1, proxy.Upstream.Received.Count);
    }

    private static IEnumerable<(int, string, string?, int)> Rows(RequestDetail detail) =>
        detail.Attempts.Select(attempt => (attempt.Number, attempt.Connection, attempt.Model, attempt.Status!.Value));

    /// <summary>Moves the clock in small steps until a call has come back.</summary>
    private async Task<HttpResponseMessage> MovingAsync(Task<HttpResponseMessage> call)
    {
        await Eventually.TrueAsync(
            () =>
            {
                if (!call.IsCompleted) proxy.Clock.Advance(TimeSpan.FromMilliseconds(50));
                return call.IsCompleted;
            },
            "the call came back");
        return await call;
    }
}
