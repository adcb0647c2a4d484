using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Tests.Proxy;

/// <summary>What happens when a provider is silent for too long. The clock moves once the proxy is waiting, and only then.</summary>
public sealed class TimeLimitTests(StandingClockFixture proxy) : IClassFixture<StandingClockFixture>
{
    private static readonly ProxyOptions Limits = new();
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ProviderStaysSilent_TimesOut(bool stream)
    {
        var gate = new Gate();
        proxy.Upstream.Enqueue(gate.PassAsync);
        var call = proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: stream), Cancellation);
        await gate.Reached;

        proxy.Clock.Advance(Limits.ActivityTimeout - Instant);
        Assert.False(call.IsCompleted);
        proxy.Clock.Advance(Instant);

        using var response = await call.WaitAsync(Eventually.Bound, Cancellation);
        Assert.Equal(504, (int)response.StatusCode);
        var (row, attempts) = (await proxy.BookedAsync(response)) is var detail ? (detail.Row, detail.Attempts) : default;
        Assert.Equal((CallOutcome.ProviderTimeout, "provider_timeout", (int?)504), (row.Outcome!.Outcome, row.Outcome.ErrorCode, row.Outcome.Status));
        Assert.Equal((Provenance.Estimated, true), (row.Provenance!.Value, row.Cost.NanoUsd > 0));
        Assert.Single(attempts);
    }

    [Fact]
    public async Task Stream_FallsSilentInTheMiddle_TimesOutWithAnErrorEvent()
    {
        proxy.Upstream.Enqueue(Replies.GatedStream(new Gate(), [Replies.Chunk("Hello")], []));
        using var request = new HttpRequestMessage(HttpMethod.Post, ProxyFixture.Path) { Content = ProxyFixture.Body(stream: true) };
        using var response = await proxy.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        Assert.Contains("Hello", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);

        proxy.Clock.Advance(Limits.ActivityTimeout);

        Assert.Contains("\"code\":\"provider_timeout\"", await reader.ReadToEndAsync(Cancellation).WaitAsync(Eventually.Bound, Cancellation), StringComparison.Ordinal);
        Assert.Equal(CallOutcome.ProviderTimeout, (await proxy.BookedAsync(response)).Row.Outcome!.Outcome);
    }

    [Fact]
    public async Task Stream_CallerHangsUpAndTheProviderIsSilent_IsEstimatedWithinABound()
    {
        proxy.Upstream.Enqueue(Replies.GatedStream(new Gate(), [Replies.Chunk(new string('x', 80))], []));
        var before = proxy.HangUps.Count;
        var callId = await proxy.HangUpAfterFirstEventAsync(Cancellation);
        await Eventually.TrueAsync(() => proxy.HangUps.Count > before, "the server noticed that the caller is gone");

        proxy.Clock.Advance(Limits.DrainTimeout);

        var row = (await proxy.BookedAsync(callId)).Row;
        Assert.Equal((CallOutcome.CallerGone, Provenance.Estimated, 20L), (row.Outcome!.Outcome, row.Provenance!.Value, row.Usage.Output));
    }
}
