using Governance.Domain.Budgets;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Governance.Infrastructure.Tests.Budgets;

/// <summary>Money is held before a call is made and never more than there is, whoever races and however it ends.</summary>
public sealed class BudgetLedgerTests : BudgetTest
{
    [Fact]
    public async Task OpenAsync_ExactlyWhatIsLeft_IsAdmittedAndANanoDollarMoreIsNot()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 3 * Ceiling);
        Assert.Null(await Ledger.OpenAsync(NewCall(Ceiling)));
        var refusal = await Ledger.OpenAsync(NewCall(2 * Ceiling + 1));
        Assert.Equal(
            new BudgetRefusal(BudgetScope.Key, BudgetWindow.Day, Today.AddDays(1), 3 * Ceiling, 2 * Ceiling, 2 * Ceiling + 1), refusal);
        Assert.Null(await Ledger.OpenAsync(NewCall(2 * Ceiling)));
        Assert.NotNull(await Ledger.OpenAsync(NewCall(1)));
        Assert.Equal((0L, 3 * Ceiling), await StateAsync());
        await AssertProvenAsync();
    }

    [Fact]
    public async Task SettleAsync_Call_ReplacesWhatWasHeldByWhatItCost()
    {
        await SetAsync(BudgetScope.Organization, null, BudgetWindow.Total, 100 * Ceiling);
        await SetAsync(BudgetScope.Team, Tenant.Application.TeamId, BudgetWindow.Month, 100 * Ceiling, hard: false);
        var call = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(call));
        Assert.All(await RowsAsync<BudgetPeriod>(), period => Assert.Equal((0, Ceiling), (period.SpentNanoUsd, period.HeldNanoUsd)));
        Assert.Equal((await RowsAsync<BudgetPeriod>()).Select(period => period.BudgetId).Order(), Assert.Single(await RowsAsync<Call>()).HeldOn.Select(period => period.BudgetId).Order());

        await Ledger.SettleAsync(call, call.Result());
        var cost = Assert.Single(await RowsAsync<LedgerEntry>()).CostNanoUsd;
        Assert.All(await RowsAsync<BudgetPeriod>(), period => Assert.Equal((cost, 0), (period.SpentNanoUsd, period.HeldNanoUsd)));
        await AssertProvenAsync();
    }

    /// <summary>Whoever calls one after another is not refused because the call before is not booked yet.</summary>
    [Fact]
    public async Task OpenAsync_WhileTheOutcomeThatMakesRoomIsWritten_WaitsForIt()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 40 * Ceiling);
        for (var number = 0; number < 20; number++)
        {
            var call = NewCall(30 * Ceiling);
            Assert.Null(await Ledger.OpenAsync(call));
            await Ledger.SettleSoonAsync(call, call.Result());
        }

        var last = NewCall(10 * Ceiling);
        Assert.Null(await Ledger.OpenAsync(last));
        await Ledger.SettleAsync(last, last.Result());
        await AssertProvenAsync();
    }

    /// <summary>The way down makes what an older version had: rows of their own for what is held.</summary>
    [Fact]
    public async Task Migration_OpenCalls_HoldTheSame()
    {
        await SetAsync(BudgetScope.Organization, null, BudgetWindow.Month, 100 * Ceiling);
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 100 * Ceiling);
        var (open, settled) = (NewCall(2 * Ceiling), NewCall(Ceiling));
        foreach (var call in new[] { open, settled }) Assert.Null(await Ledger.OpenAsync(call));
        await Ledger.SettleAsync(settled, settled.Result());
        await Ledger.StopAsync(default);
        var before = (await RowsAsync<Call>()).Single(call => call.Id == open.Id).HeldOn;
        Assert.Equal(2, before.Count);

        await using var owner = Process.Database.AsOwner();
        var migrations = owner.Database.GetMigrations().ToList();
        var migrator = owner.GetService<IMigrator>();
        await migrator.MigrateAsync(migrations[migrations.FindIndex(name => name.EndsWith("_HoldsOnCalls", StringComparison.Ordinal)) - 1]);
        await migrator.MigrateAsync();
        var calls = await RowsAsync<Call>();
        Assert.Equal(before.OrderBy(period => period.BudgetId), calls.Single(call => call.Id == open.Id).HeldOn.OrderBy(period => period.BudgetId));
        Assert.Empty(calls.Single(call => call.Id == settled.Id).HeldOn);
        await AssertProvenAsync();
    }

    [Fact]
    public async Task SettleAsync_OfACallWhoseBudgetIsGone_GivesBackToTheOthers()
    {
        var kept = await SetAsync(BudgetScope.Organization, null, BudgetWindow.Month, 100 * Ceiling);
        var removed = await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 100 * Ceiling);
        var call = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(call));
        Assert.Null((await Get<BudgetService>().RemoveAsync(Tenant.Admin, removed.Id, default)).Refusal);
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 100 * Ceiling);
        await Ledger.SettleAsync(call, call.Result());

        var cost = Assert.Single(await RowsAsync<LedgerEntry>()).CostNanoUsd;
        Assert.All(await RowsAsync<BudgetPeriod>(), period => Assert.Equal((cost, 0), (period.SpentNanoUsd, period.HeldNanoUsd)));
        Assert.Contains(await RowsAsync<BudgetPeriod>(), period => period.BudgetId == kept.Id);
        await AssertProvenAsync();
    }

    [Fact]
    public async Task SettleAsync_DearerThanItsCeiling_IsBookedInFullAndTheNextCallIsRefused()
    {
        await SetAsync(BudgetScope.Application, Tenant.Application.Id, BudgetWindow.Week, 10_000);
        var call = NewCall(10_000);
        Assert.Null(await Ledger.OpenAsync(call));
        await Ledger.SettleAsync(call, call.Result(input: 1_000_000));

        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.True(entry is { Overrun: true, CostNanoUsd: > 10_000 });
        var refusal = await Ledger.OpenAsync(NewCall(1));
        Assert.Equal(10_000 - entry.CostNanoUsd, refusal!.FreeNanoUsd);
        await AssertProvenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenAsync_NoPrice_IsRefusedUnderAHardBudgetOnly(bool hard)
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, Ceiling, hard);
        Assert.Equal(hard, await Ledger.OpenAsync(NewCall(Ceiling) with { CeilingNanoUsd = null }) is not null);
    }

    [Fact]
    public async Task OpenAsync_NextDay_BeginsAnew()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, Ceiling);
        Assert.Null(await Ledger.OpenAsync(NewCall(Ceiling)));
        Assert.NotNull(await Ledger.OpenAsync(NewCall(Ceiling)));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Ledger.OpenAsync(NewCall(Ceiling)));
        await AssertProvenAsync();
    }

    [Fact]
    public async Task SetAsync_AfterMoneyWasSpent_CountsItFromTheWindowsStart()
    {
        var call = NewCall(Ceiling);
        await Ledger.OpenAsync(call);
        await Ledger.SettleAsync(call, call.Result());
        var other = NewCall(Ceiling);
        await Ledger.OpenAsync(other);
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Month, 100 * Ceiling);

        var cost = Assert.Single(await RowsAsync<LedgerEntry>()).CostNanoUsd;
        Assert.Equal((cost, 0L), await StateAsync());
        await Ledger.SettleAsync(other, other.Result()); // It was opened before there was a budget, so it held nothing; it counts all the same.
        Assert.Equal((2 * cost, 0L), await StateAsync());
        await AssertProvenAsync();
    }

    [Fact]
    public async Task RunAsync_CallOfADeadProcess_IsChargedItsCeilingAndCorrectedLater()
    {
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Total, 10 * Ceiling);
        var call = NewCall(Ceiling);
        await Ledger.OpenAsync(call);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Get<InterruptedCallsJob>().RunAsync(default);
        Assert.Equal((Ceiling, 0L), await StateAsync());
        await AssertProvenAsync();

        await Ledger.SettleAsync(call, call.Result());
        await Get<Spill>().RunAsync(default);
        await Get<WorkQueue>().RunAsync(default);
        var entries = await RowsAsync<LedgerEntry>();
        Assert.Equal(2, entries.Count);
        Assert.Equal((entries.Sum(entry => entry.CostNanoUsd), 0L), await StateAsync());
        Assert.True(entries.Sum(entry => entry.CostNanoUsd) < Ceiling);
        await AssertProvenAsync();
    }

    [Fact]
    public async Task RemoveAsync_WhileACallHolds_LetsItEnd()
    {
        var budget = await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, Ceiling);
        var call = NewCall(Ceiling);
        await Ledger.OpenAsync(call);
        Assert.True((await Get<BudgetService>().RemoveAsync(Tenant.Admin, budget.Id, default)).Succeeded);
        await Ledger.SettleAsync(call, call.Result());
        Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.Empty(await RowsAsync<BudgetPeriod>());
    }

    [Fact]
    public async Task OpenAsync_WhileAnOutcomeOnTheSameBudgetIsStuck_DoesNotWaitForIt()
    {
        if (Database.Provider == DatabaseProvider.Sqlite) Assert.Skip("On SQLite one writes at a time.");
        await SetAsync(BudgetScope.Key, Tenant.Key.Id, BudgetWindow.Day, 3 * Ceiling);
        var made = NewCall(Ceiling);
        Assert.Null(await Ledger.OpenAsync(made));
        await using var db = Process.Database.AcrossOrganizations();
        await using (await db.Database.BeginTransactionAsync())
        {
            await db.Database.ExecuteSqlAsync($"""LOCK TABLE "LedgerEntries" IN EXCLUSIVE MODE""");
            var settling = Ledger.SettleAsync(made, made.Result());
            await Eventually.TrueAsync(LedgerWaitsAsync, "the outcome waits for the table");
            Assert.Null(await Ledger.OpenAsync(NewCall(2 * Ceiling)).WaitAsync(Eventually.Bound));
            Assert.NotNull(await Ledger.OpenAsync(NewCall(1)).WaitAsync(Eventually.Bound)); // What the outcome will give back is not there yet.
            Assert.False(settling.IsCompleted);
        }

        await Eventually.TrueAsync(async () => (await RowsAsync<LedgerEntry>()).Count == 1, "the outcome is booked");
        Assert.Equal(((await RowsAsync<LedgerEntry>()).Single().CostNanoUsd, 2 * Ceiling), await StateAsync());
        await AssertProvenAsync();

        async Task<bool> LedgerWaitsAsync()
        {
            await using var outside = Process.Database.AcrossOrganizations(); // Within a transaction the view does not change.
            return await outside.Database.SqlQuery<bool>(
                $"""
                SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'governance-ledger' AND wait_event_type = 'Lock') AS "Value"
                """).SingleAsync();
        }
    }

    [Fact]
    public async Task OpenAndSettle_ManyWorkersOverThreeBudgets_NeverPassALimitNorRefuseWhileEnoughIsFree()
    {
        var limits = await RaceAsync([Process], TestScale.Cases(1_500, 20_000));
        await AssertAtRestAsync(limits);
    }

    [Fact]
    public async Task OpenAndSettle_TwoProcesses_NeverPassALimit()
    {
        if (Database.Provider == DatabaseProvider.Sqlite) Assert.Skip("A SQLite file has one process.");
        await using var other = await new ProductProcess(Database, Clock).StartAsync();
        var limits = await RaceAsync([Process, other], TestScale.Cases(1_500, 20_000));
        await AssertAtRestAsync(limits);
    }

    /// <summary>At rest nothing is held, and the next call passes exactly if the money is there.</summary>
    private async Task AssertAtRestAsync(IReadOnlyDictionary<Guid, long> limits)
    {
        var spent = (await RowsAsync<LedgerEntry>()).Sum(entry => entry.CostNanoUsd);
        Assert.All(await RowsAsync<BudgetPeriod>(), period => Assert.Equal((spent, 0), (period.SpentNanoUsd, period.HeldNanoUsd)));
        Assert.Equal(limits.Values.Min() - spent < Ceiling, await Ledger.OpenAsync(NewCall(Ceiling)) is not null);
    }
}
