using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Tests.Proxy;

/// <summary>A calibration at two bytes a token, where four are assumed without one.</summary>
public sealed class CalibratedEstimateTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_NoUsageAtAll_IsEstimatedByTheCalibration()
    {
        await CalibrateAsync();
        var row = await CallAsync(Replies.Chunk(new string('x', 400)), Replies.Done);
        Assert.Equal((200, Provenance.Estimated, 400), (row.Usage.Output, row.Provenance!.Value, row.Outcome!.ContentBytes));
        Assert.Equal((row.Call.PromptBytes + 1) / 2, row.Usage.Input);
    }

    [Fact]
    public async Task Stream_ReportedUsage_IsNeverReplaced()
    {
        await CalibrateAsync();
        var row = await CallAsync(Replies.Chunk(new string('x', 400)), Replies.UsageChunk(), Replies.Done);
        Assert.Equal((12, 5, Provenance.Reported), (row.Usage.Input, row.Usage.Output, row.Provenance!.Value));
        Assert.Equal((400, 1), (row.Outcome!.ContentBytes, row.BilledRequests));
    }

    private async Task<RequestRow> CallAsync(params string[] chunks)
    {
        proxy.Upstream.Enqueue(Replies.Stream(chunks));
        using var response = await proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(stream: true), Cancellation);
        await response.Content.ReadAsByteArrayAsync(Cancellation);
        return (await proxy.BookedAsync(response)).Row;
    }

    private async Task CalibrateAsync()
    {
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var calls = Enumerable.Repeat(
            new ImportedCall(at, proxy.Tenant.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 100, Output: 50)) { PromptBytes = 200, ContentBytes = 100 },
            2 * TokenEstimator.MinRows).ToList();
        (await proxy.Server.Get<UsageImport>().ImportAsync(proxy.Tenant.Admin, calls, Cancellation)).Required();
        await proxy.Server.Get<EstimatorCalibration>().CalibrateAsync(proxy.Tenant.Id, Cancellation);
    }
}
