using Governance.Domain.Budgets;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Budgets;

/// <summary>A process that has slices of budgets does not wait for the database, and still no budget passes its limit.</summary>
public sealed class BudgetLeaseTests : BudgetTest
{
    private static readonly Dictionary<string, string?> Leased = new() { ["Budgets:Leases:Enabled"] = "true", ["Budgets:Leases:LargestUsd"] = "0.1" };

    protected override Task<ProductProcess> NewProcessAsync() => new ProductProcess(Database, settings: Leased).StartAsync();

    [Fact]
    public async Task OpenAsync_AfterTheFirstCall_DrawsFromTheSliceAndIsRecordedSoon()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 100 * Ceiling);
        await SetAsync(BudgetScope.Organization, null, BudgetWindow.Month, 100 * Ceiling);
        await CallAsync();
        var slices = await RowsAsync<BudgetLease>();
        Assert.Equal(2, slices.Count);
        Assert.All(slices, slice => Assert.InRange(slice.AmountNanoUsd, 5 * Ceiling, 10 * Ceiling));

        var call = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(call));
        await Ledger.SettleAsync(call, call.Result());

        var calls = await RowsAsync<Call>();
        Assert.Equal(2, calls.Count);
        Assert.Empty(calls.Single(row => row.Id == call.Id).HeldOn);
        var spent = (await RowsAsync<LedgerEntry>()).Sum(entry => entry.CostNanoUsd);
        foreach (var period in await RowsAsync<BudgetPeriod>())
        {
            Assert.Equal(spent, period.SpentNanoUsd);
            Assert.Equal((await RowsAsync<BudgetLease>()).Single(lease => lease.BudgetId == period.BudgetId).AmountNanoUsd, period.HeldNanoUsd);
        }

        await AssertProvenAsync();
    }

    [Fact]
    public async Task OpenAsync_MoreThanTheSliceButNotThanTheBudget_HasWhatTheSliceSetAside()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 10 * Ceiling);
        var first = await CallAsync();
        var all = 10 * Ceiling - first.CostNanoUsd;
        Assert.NotNull(await Ledger.OpenAsync(NewCall(all + 1)));
        Assert.Null(await Ledger.OpenAsync(NewCall(all)));
        Assert.NotNull(await Ledger.OpenAsync(NewCall(1)));
        await AssertProvenAsync();
    }

    [Fact]
    public async Task OpenAsync_BudgetsReadTooLongAgo_AsksTheDatabase()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 100 * Ceiling);
        await CallAsync();
        await SetAsync(BudgetScope.Team, Tenant.Application.TeamId, BudgetWindow.Total, 0);
        Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(BudgetScope.Team, (await Ledger.OpenAsync(NewCall(Ceiling)))?.Scope);
    }

    [Fact]
    public async Task SettleAsync_DearerThanItsCeiling_IsBookedInFullAndTheNextCallIsRefused()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 100 * Ceiling);
        await CallAsync();
        var call = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(call));
        await Ledger.SettleAsync(call, call.Result(input: 1_000_000));
        Assert.True((await RowsAsync<LedgerEntry>()).Single(entry => entry.CallId == call.Id) is { Overrun: true, CostNanoUsd: > 100 * Ceiling });
        Assert.NotNull(await Ledger.OpenAsync(NewCall(1)));
        await AssertProvenAsync();
    }

    [Fact]
    public async Task RemoveAsync_BudgetWithASlice_ForgetsTheSlice()
    {
        var budget = await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 100 * Ceiling);
        await CallAsync();
        Assert.True(Get<LeaseBook>().HasSlices);
        Assert.True((await Get<BudgetService>().RemoveAsync(Tenant.Admin, budget.Id, default)).Succeeded);
        Clock.Advance(TimeSpan.FromSeconds(11));
        await CallAsync();
        Assert.False(Get<LeaseBook>().HasSlices);
        Assert.Empty(await RowsAsync<BudgetLease>());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 5)]
    public void Rollback_WhatWasTakenFromCalls_StaysAwayIfItMayBeCommitted(bool mayBeCommitted, long free)
    {
        var (book, period) = (Get<LeaseBook>(), new PeriodKey(Guid.CreateVersion7(), Today));
        var enlarging = book.Begin(TimeSpan.FromSeconds(10));
        enlarging.Enlarged.Add((Tenant.Key.Id, period, 5));
        enlarging.Commit();
        var taking = book.Begin(TimeSpan.FromSeconds(10));
        Assert.Equal(5, taking.Take(period));
        taking.Rollback(mayBeCommitted);
        Assert.Equal(free, book.FreeOf(period));
    }

    [Fact]
    public async Task StopAsync_SlicesAreFree_AreGivenBack()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 100 * Ceiling);
        var entry = await CallAsync();
        await Ledger.StopAsync(default);
        Assert.Equal((entry.CostNanoUsd, 0L), await StateAsync());
        await AssertProvenAsync();
    }

    [Fact]
    public async Task RunAsync_ProcessDiedWithASlice_ChargesItsOpenCallsAndKeepsTheRestInSuspense()
    {
        var (budget, entry, slice) = await OneCallLeftOpenAsync();

        Clock.Advance(TimeSpan.FromMinutes(1));
        await using var other = await new ProductProcess(Database, Clock, Leased).StartAsync();
        await other.Get<InterruptedCallsJob>().RunAsync(default);

        var row = Assert.Single(await other.Get<BudgetQueries>().ListAsync(Tenant.Admin, default));
        Assert.Equal((entry.CostNanoUsd + Ceiling, slice - Ceiling, slice - Ceiling), (row.SpentNanoUsd, row.HeldNanoUsd, row.SuspenseNanoUsd));
        await AssertProvenAsync();

        Assert.Equal(slice - Ceiling, (await other.Get<BudgetService>().ReleaseAsync(Tenant.Admin, budget.Id, default)).Required());
        row = Assert.Single(await other.Get<BudgetQueries>().ListAsync(Tenant.Admin, default));
        Assert.Equal((entry.CostNanoUsd + Ceiling, 0L, 0L), (row.SpentNanoUsd, row.HeldNanoUsd, row.SuspenseNanoUsd));
        Assert.Contains(await EventsAsync(), recorded => recorded.Action == "budget.suspense_released");
        Assert.Equal(0, (await other.Get<BudgetService>().ReleaseAsync(Tenant.Admin, budget.Id, default)).Required());
        await AssertProvenAsync();
    }

    [Fact]
    public async Task ReleaseAsync_CallsOfTheDeadProcessAreStillOpen_ChargesThemFirst()
    {
        var (budget, entry, slice) = await OneCallLeftOpenAsync();
        await using var other = await new ProductProcess(Database, Clock, Leased).StartAsync();
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(slice - Ceiling, (await other.Get<BudgetService>().ReleaseAsync(Tenant.Admin, budget.Id, default)).Required());
        Assert.Equal((entry.CostNanoUsd + Ceiling, 0L), await StateAsync());
        await AssertProvenAsync();
    }

    [Fact]
    public async Task SettleAsync_CallThatWasNeverRecorded_IsRecordedWithItsOutcomeLater()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 100 * Ceiling);
        await CallAsync();
        var call = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(call));
        await UntilRecordedAsync(call);
        await QueryAsync(db => db.Database.ExecuteSqlAsync($"DELETE FROM \"Calls\" WHERE \"Id\" = {call.Id}")); // As if its commit had failed.
        await Ledger.SettleAsync(call, call.Result());
        Assert.Single(await RowsAsync<LedgerEntry>());

        await Get<Spill>().RunAsync(default);
        await Get<WorkQueue>().RunAsync(default);
        Assert.Contains(await RowsAsync<Call>(), row => row.Id == call.Id);
        Assert.Equal(2, (await RowsAsync<LedgerEntry>()).Count);
        await AssertProvenAsync();
        await Ledger.StopAsync(default);
        Assert.Equal(0, (await RowsAsync<BudgetPeriod>()).Single().HeldNanoUsd - (await RowsAsync<BudgetLease>()).Sum(lease => lease.AmountNanoUsd));
    }

    [Fact]
    public async Task OpenAndSettle_ManyWorkersOverThreeBudgets_NeverPassALimitNorRefuseWhileEnoughIsFree()
    {
        await RaceAsync([Process], TestScale.Cases(1_500, 20_000));
        await AssertGivenBackAsync(Process);
    }

    [Fact]
    public async Task OpenAndSettle_TwoProcesses_NeverPassALimit()
    {
        if (Database.Provider == DatabaseProvider.Sqlite) Assert.Skip("A SQLite file has one process.");
        await using var other = await new ProductProcess(Database, Clock, Leased).StartAsync();
        await RaceAsync([Process, other], TestScale.Cases(1_500, 20_000));
        await AssertGivenBackAsync(Process, other);
    }

    /// <summary>The process has made one call, and not ended another.</summary>
    private async Task<(Budget Budget, LedgerEntry Made, long Slice)> OneCallLeftOpenAsync()
    {
        var budget = await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 100 * Ceiling);
        var made = await CallAsync();
        var open = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(open));
        await UntilRecordedAsync(open);
        return (budget, made, Assert.Single(await RowsAsync<BudgetLease>()).AmountNanoUsd);
    }

    private async Task<LedgerEntry> CallAsync()
    {
        var call = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(call));
        await Ledger.SettleAsync(call, call.Result());
        return (await RowsAsync<LedgerEntry>()).Single(entry => entry.CallId == call.Id);
    }

    private async Task UntilRecordedAsync(Call call)
    {
        while (!(await RowsAsync<Call>()).Exists(row => row.Id == call.Id)) await Task.Yield();
    }

    private async Task AssertGivenBackAsync(params ProductProcess[] processes)
    {
        foreach (var process in processes) await process.Get<CallLedger>().StopAsync(default);
        var spent = (await RowsAsync<LedgerEntry>()).Sum(entry => entry.CostNanoUsd);
        Assert.All(await RowsAsync<BudgetPeriod>(), period => Assert.Equal((spent, 0), (period.SpentNanoUsd, period.HeldNanoUsd)));
        await AssertProvenAsync();
    }
}
