using System.Data;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class CallLedgerShutdownTests : ProductTest
{
    private const int Room = 16;

    private readonly Dictionary<string, string?> _settings = new() { ["Proxy:MaxPendingWrites"] = $"{Room}" };

    private CallLedger Ledger => Get<CallLedger>();

    [Fact]
    public async Task OpenAsync_Stopped_IsRefused()
    {
        await Ledger.StopAsync(default);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Ledger.OpenAsync(NewCall()));
    }

    [Fact]
    public async Task SettleAsync_Stopped_WaitsInTheSpillFile()
    {
        var call = NewCall();
        await Ledger.OpenAsync(call);
        await Ledger.StopAsync(default);
        await Ledger.SettleAsync(call, call.Result()).WaitAsync(Eventually.Bound);
        Assert.Empty(await RowsAsync<LedgerEntry>());
        await DrainAsync();
        Assert.Equal(call.Id, Assert.Single(await RowsAsync<LedgerEntry>()).CallId);
    }

    [Fact]
    public async Task StopAsync_WhileWritesArrive_LosesNoneAndLeavesNobodyWaiting()
    {
        var calls = Enumerable.Range(0, TestScale.Cases(200, 2_000)).Select(NewCall).ToList();
        await Task.WhenAll(calls.Select(Ledger.OpenAsync));
        var started = new TaskCompletionSource();
        var arriving = Task.WhenAll(calls.Select((call, i) => Task.Run(async () =>
        {
            if (i == calls.Count / 4) started.SetResult();
            await Ledger.SettleAsync(call, call.Result());
            return await Record.ExceptionAsync(() => Ledger.OpenAsync(NewCall(100_000 + i)));
        })));
        await started.Task;
        await Ledger.StopAsync(default).WaitAsync(Eventually.Bound);

        var failures = await arriving.WaitAsync(Eventually.Bound);
        Assert.All(failures, failure => Assert.True(failure is null or LedgerUnavailableException, $"{failure}"));
        Assert.Equal(calls.Count + failures.Count(failure => failure is null), (await RowsAsync<Call>()).Count);
        await DrainAsync();
        Assert.Equal(calls.Select(call => call.Id).Order(), (await RowsAsync<LedgerEntry>()).Select(entry => entry.CallId).Order());
    }

    [Fact]
    public async Task StopAsync_DatabaseStuckForLongerThanTheHostWaits_SpillsWhatWaits()
    {
        const int moreThanABatch = 300;
        var calls = Enumerable.Range(0, moreThanABatch).Select(NewCall).ToList();
        await Task.WhenAll(calls.Select(Ledger.OpenAsync));
        await Get<PriceBooks>().GetAsync(Tenant.Id, default);
        List<Task> settling;
        await using (var db = Process.Database.AcrossOrganizations())
        {
            await using var stuck = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable); // on SQLite it keeps all writers out
            if (Database.Provider == DatabaseProvider.Postgres) await db.Database.ExecuteSqlAsync($"""LOCK TABLE "LedgerEntries" IN EXCLUSIVE MODE""");
            settling = [.. calls.Select(call => Ledger.SettleAsync(call, call.Result()))];
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ledger.StopAsync(new CancellationToken(canceled: true)));
            await Eventually.TrueAsync(() => settling.Count(settle => settle.IsCompleted) >= moreThanABatch - 256, "those behind the first batch were spilled");
        }

        await Task.WhenAll(settling).WaitAsync(Eventually.Bound);
        await DrainAsync();
        Assert.Equal(calls.Select(call => call.Id).Order(), (await RowsAsync<LedgerEntry>()).Select(entry => entry.CallId).Order());
    }

    [Fact]
    public async Task StopAsync_NeverStarted_LeavesNobodyWaiting()
    {
        await using var process = new ProductProcess(Database, Clock, _settings);
        var (opening, settling) = await FillAsync(process.Get<CallLedger>());
        await process.Get<CallLedger>().StopAsync(default).WaitAsync(Eventually.Bound);
        foreach (var open in opening) await Assert.ThrowsAsync<LedgerUnavailableException>(() => open.WaitAsync(Eventually.Bound));
        await Task.WhenAll(settling).WaitAsync(Eventually.Bound);
        await process.Get<Spill>().RunAsync(default);
        Assert.Equal(settling.Count, (await RowsAsync<WorkItem>()).Count);
    }

    [Fact]
    public async Task SettleAsync_NoRoom_WaitsForItWhileOpensAreRefused()
    {
        await using var process = new ProductProcess(Database, Clock, _settings);
        var ledger = process.Get<CallLedger>();
        var (opening, settling) = await FillAsync(ledger);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.OpenAsync(NewCall(1_000)));
        Assert.DoesNotContain(settling, settle => settle.IsCompleted);

        await ledger.StartAsync(default);
        await Task.WhenAll(opening.Concat(settling)).WaitAsync(Eventually.Bound);
        Assert.Equal(settling.Count, (await RowsAsync<LedgerEntry>()).Count);
    }

    private Call NewCall(int i = 0) => Tenant.Call(Clock.GetUtcNow().AddMilliseconds(i));

    /// <summary>As many opens as there is room for, then outcomes of calls that were made, which find none.</summary>
    private async Task<(List<Task> Opening, List<Task> Settling)> FillAsync(CallLedger ledger)
    {
        var made = Enumerable.Range(0, 4).Select(NewCall).ToList();
        foreach (var call in made) Assert.Null(await Ledger.OpenAsync(call));
        List<Task> opening = [.. Enumerable.Range(made.Count, Room).Select(i => ledger.OpenAsync(NewCall(i)))];
        return (opening, [.. made.Select(call => ledger.SettleAsync(call, call.Result()))]);
    }

    /// <summary>What the job host would do: the spill file into the queue, the queue into the ledger.</summary>
    private async Task DrainAsync()
    {
        if (Directory.GetFiles(Path.Combine(Database.Folder, "spill")).Length > 0) await Get<Spill>().RunAsync(default);
        await Get<WorkQueue>().RunAsync(default);
    }
}
