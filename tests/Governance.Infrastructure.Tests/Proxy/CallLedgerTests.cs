using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class CallLedgerTests : ProductTest
{
    private CallLedger Ledger => Get<CallLedger>();

    [Fact]
    public async Task OpenAsync_Call_IsCommittedAndOpen()
    {
        var call = Tenant.Call(Clock.GetUtcNow(), Guid.CreateVersion7(Clock.GetUtcNow()));
        await Ledger.OpenAsync(call);
        var row = Assert.Single(await RowsAsync<Call>());
        Assert.Equal("chat", row.Tags["feature"]);
        Assert.Equal(call with { Tags = row.Tags }, row);
        Assert.Empty(await RowsAsync<LedgerEntry>());
    }

    [Fact]
    public async Task OpenAndSettle_ManyAtOnce_EachIsBookedOnce()
    {
        var calls = Enumerable.Range(0, TestScale.Cases(300, 5_000)).Select(i => Tenant.Call(Clock.GetUtcNow().AddMilliseconds(i))).ToList();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (call, _) =>
        {
            await Ledger.OpenAsync(call);
            await Ledger.SettleAsync(call, call.Result());
        });

        var entries = await RowsAsync<LedgerEntry>();
        Assert.Equal(calls.Select(call => call.Id).Order(), entries.Select(entry => entry.CallId).Order());
        Assert.Equal(calls.Count, (await RowsAsync<CallAttempt>()).Count);
        Assert.All(entries, entry => Assert.True(entry.CostNanoUsd > 0 && entry is { RequestCount: 1, Unpriced: false, PriceId: not null }));
    }

    [Fact]
    public async Task OpenAsync_BadRowAmongNeighbours_FailsAlone()
    {
        var known = Tenant.Call(Clock.GetUtcNow());
        await Ledger.OpenAsync(known);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var bad = i % 7 == 3;
            var call = bad ? known with { Connection = "again" } : Tenant.Call(Clock.GetUtcNow().AddMilliseconds(i));
            return (bad, Failure: await Record.ExceptionAsync(() => Ledger.OpenAsync(call)));
        }));

        Assert.All(outcomes, outcome => Assert.Equal(outcome.bad, outcome.Failure is not null));
        Assert.Equal(1 + outcomes.Count(outcome => !outcome.bad), (await RowsAsync<Call>()).Count);
    }

    [Fact]
    public async Task SettleAsync_Twice_BooksOnce()
    {
        var call = Tenant.Call(Clock.GetUtcNow());
        await Ledger.OpenAsync(call);
        await Ledger.SettleAsync(call, call.Result());
        await Ledger.SettleAsync(call, call.Result(input: 999) with { Attempts = [] });
        await DrainAsync();
        Assert.Equal(100, Assert.Single(await RowsAsync<LedgerEntry>()).InputTokens);
        Assert.Empty(await RowsAsync<WorkItem>());
    }

    [Fact]
    public async Task SettleAsync_DatabaseGone_WaitsInTheSpillFileAndIsBookedOnce()
    {
        var call = Tenant.Call(Clock.GetUtcNow());
        await Ledger.OpenAsync(call);
        await Get<PriceBooks>().GetAsync(Tenant.Id, default);
        await using (await Database.TakeAwayAsync())
        {
            await Ledger.SettleAsync(call, call.Result());
            Assert.True(File.Exists(Path.Combine(Database.Folder, "spill", "work.jsonl")));
            await Assert.ThrowsAnyAsync<Exception>(() => Get<Spill>().RunAsync(default));
        }

        await DrainAsync();
        await DrainAsync();
        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.Equal((call.Id, 100L, 10L, CallOutcome.Succeeded), (entry.CallId, entry.InputTokens, entry.OutputTokens, entry.Outcome));
        Assert.Single(await RowsAsync<CallAttempt>());
        Assert.Empty(Directory.GetFiles(Path.Combine(Database.Folder, "spill")));
    }

    [Fact]
    public async Task OpenAsync_DatabaseGone_ThrowsSoThatTheCallIsNotMade()
    {
        await using (await Database.TakeAwayAsync())
            await Assert.ThrowsAnyAsync<Exception>(() => Ledger.OpenAsync(Tenant.Call(Clock.GetUtcNow())));
        await Ledger.OpenAsync(Tenant.Call(Clock.GetUtcNow()));
        Assert.Single(await RowsAsync<Call>());
    }

    [Fact]
    public async Task SettleAsync_AfterInterruptedEstimate_CorrectsToTheTruth()
    {
        var call = Tenant.Call(Clock.GetUtcNow()) with { RequestedTier = "flex" };
        await Ledger.OpenAsync(call);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Get<InterruptedCallsJob>().RunAsync(default);
        Assert.Equal(CallOutcome.Interrupted, Assert.Single(await RowsAsync<LedgerEntry>()).Outcome);

        await Ledger.SettleAsync(call, call.Result(input: 70, output: 7, TimeSpan.FromMinutes(2)) with { ServiceTier = "default" });
        await DrainAsync();

        var truth = CallPricing.Book(call, call.Result(input: 70, output: 7) with { ServiceTier = "default" }, await Get<PriceBooks>().GetAsync(Tenant.Id, default));
        var detail = (await Get<RequestQueries>().FindAsync(Tenant.Admin, call.Id, default))!;
        Assert.Equal(truth.CostNanoUsd, detail.Row.Cost.NanoUsd);
        Assert.Equal(truth.Usage, detail.Row.Usage);
        Assert.Equal(detail.Row.Cost, detail.Breakdown?.Total);
        Assert.Equal(1, detail.Row.Entries.Sum(entry => entry.RequestCount));
        Assert.Single(detail.Attempts);
    }

    [Fact]
    public async Task RefuseAsync_Call_IsOneCallAndOneFreeEntry()
    {
        var call = Tenant.Call(Clock.GetUtcNow());
        await Ledger.RefuseAsync(call, new CallResult(CallOutcome.Refused, call.StartedAt) { Status = 400, ErrorCode = "invalid_json" });
        Assert.Single(await RowsAsync<Call>());
        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.Equal((CallOutcome.Refused, 0L, 400), (entry.Outcome, entry.CostNanoUsd, entry.Status));
    }

    [Fact]
    public async Task StopAsync_WritesWaiting_FinishesThemAndTakesNoMore()
    {
        var opening = Enumerable.Range(0, 50).Select(i => Ledger.OpenAsync(Tenant.Call(Clock.GetUtcNow().AddMilliseconds(i)))).ToList();
        await Ledger.StopAsync(default);
        await Task.WhenAll(opening);
        Assert.Equal(50, (await RowsAsync<Call>()).Count);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Ledger.OpenAsync(Tenant.Call(Clock.GetUtcNow())));
        Assert.False(Ledger.Running);
    }

    /// <summary>What the job host would do: the spill file into the queue, the queue into the ledger.</summary>
    private async Task DrainAsync()
    {
        await Get<Spill>().RunAsync(default);
        await Get<WorkQueue>().RunAsync(default);
    }
}
