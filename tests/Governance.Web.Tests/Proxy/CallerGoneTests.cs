using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Tests.Proxy;

public sealed class CallerGoneTests(ProxyFixture proxy) : IClassFixture<ProxyFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_CallerHangsUp_TheRestIsReadAndChargedAsReported()
    {
        var gate = new Gate();
        proxy.Upstream.Enqueue(Replies.GatedStream(
            gate, [Replies.Chunk("Hello")], [Replies.Chunk(" there"), Replies.UsageChunk(prompt: 500, completion: 70), Replies.Done]));

        var before = proxy.HangUps.Count;
        var callId = await proxy.HangUpAfterFirstEventAsync(Cancellation);
        await Eventually.TrueAsync(() => proxy.HangUps.Count > before, "the server noticed that the caller is gone");
        gate.Open();

        var row = (await proxy.BookedAsync(callId)).Row;
        Assert.Equal((CallOutcome.CallerGone, Provenance.Reported, 500L, 70L), (row.Outcome!.Outcome, row.Provenance!.Value, row.Usage.Input, row.Usage.Output));
        Assert.True(row.Cost.NanoUsd > 0);
    }

    [Fact]
    public async Task Plain_CallerHangsUpBeforeTheAnswer_IsChargedAsReported()
    {
        var gate = new Gate();
        proxy.Upstream.Enqueue(async exchange =>
        {
            await gate.PassAsync(exchange);
            await Replies.Json(Replies.Completion(prompt: 33, completion: 4))(exchange);
        });
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = proxy.Caller.PostAsync(ProxyFixture.Path, ProxyFixture.Body(extra: ""","user":"gone-before-the-answer" """), hangUp.Token);
        await gate.Reached;
        var before = proxy.HangUps.Count;
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.TrueAsync(() => proxy.HangUps.Count > before, "the server noticed that the caller is gone");
        gate.Open();

        var callId = await Eventually.SomeAsync(FindCallIdAsync, "the call was recorded");
        var row = (await proxy.BookedAsync(Guid.Parse(callId))).Row;
        Assert.Equal((CallOutcome.CallerGone, 33L, 4L, (int?)null), (row.Outcome!.Outcome, row.Usage.Input, row.Usage.Output, row.Outcome.Status));
    }

    private async Task<string?> FindCallIdAsync()
    {
        var queries = proxy.Server.Get<Infrastructure.Proxy.SubjectDirectory>();
        if (await queries.FindAsync(proxy.Tenant.Id, "gone-before-the-answer", Cancellation) is not { } subject) return null;
        var page = await proxy.Server.Get<Infrastructure.Proxy.RequestQueries>().ListAsync(proxy.Tenant.Admin, new(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)) { SubjectId = subject }, null, 1, Cancellation);
        return page.Items.Count == 0 ? null : page.Items[0].Call.Id.ToString();
    }
}
