using System.Collections.Concurrent;
using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Budgets;

/// <summary>A test of money that is held: budgets, calls that cost up to a ceiling, and a race for what is left.</summary>
public abstract class BudgetTest : ProductTest
{
    protected const long Ceiling = 1_000_000;

    protected CallLedger Ledger => Get<CallLedger>();

    protected DateOnly Today => Tenant.Organization.Zone.DayOf(Clock.GetUtcNow());

    protected Call NewCall(long ceiling) => Tenant.Call(Clock.GetUtcNow(), Get<ProcessRegistry>().InstanceId) with { CeilingNanoUsd = ceiling };

    protected async Task<Budget> SetAsync(BudgetScope scope, Guid? id, BudgetWindow window, long limit, bool hard = true) =>
        (await Get<BudgetService>().SetAsync(Tenant.Admin, new NewBudget(scope, id, window, new Money(limit), hard), default)).Required();

    protected async Task<(long Spent, long Held)> StateAsync()
    {
        var row = Assert.Single(await Get<BudgetQueries>().ListAsync(Tenant.Admin, default));
        return (row.SpentNanoUsd, row.HeldNanoUsd);
    }

    protected async Task AssertProvenAsync() => Assert.Empty((await Get<LedgerProof>().ProveAsync(Tenant.Id, default)).Differences);

    /// <summary>64 workers call with random true costs up to the ceiling until the money is gone; somebody watches the limits all the while.</summary>
    protected async Task<IReadOnlyDictionary<Guid, long>> RaceAsync(ProductProcess[] processes, int calls)
    {
        // The budgets are enough for about two thirds of the calls.
        var limits = new Dictionary<Guid, long>();
        foreach (var (scope, id, share) in new (BudgetScope, Guid?, double)[] { (BudgetScope.Key, Tenant.Key.Id, 0.4), (BudgetScope.Team, Tenant.Application.TeamId, 0.35), (BudgetScope.Organization, null, 0.34) })
        {
            var budget = await SetAsync(scope, id, BudgetWindow.Total, (long)(calls * Ceiling * share));
            limits[budget.Id] = budget.LimitNanoUsd;
        }

        using var done = new CancellationTokenSource();
        var watching = Task.Run(() => WatchAsync(limits, done.Token), CancellationToken.None);
        var (admitted, refused) = (new ConcurrentBag<Guid>(), new ConcurrentBag<BudgetRefusal>());
        await Parallel.ForEachAsync(Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var ledger = processes[i % processes.Length].Get<CallLedger>();
            var random = new Random(i);
            var call = NewCall(Ceiling);
            if (await ledger.OpenAsync(call) is { } refusal)
            {
                refused.Add(refusal);
                return;
            }

            admitted.Add(call.Id);
            await ledger.SettleAsync(call, call.Result(input: random.Next(1, 4_000), output: 0)); // 250 nano-dollars a token: up to the ceiling
        });
        await done.CancelAsync();
        var looks = await watching;

        Assert.True(looks > 0);
        Assert.All(refused, refusal => Assert.True(refusal.FreeNanoUsd < Ceiling, "It was refused although enough was free."));
        var entries = await RowsAsync<LedgerEntry>();
        Assert.Equal(admitted.Order(), entries.Select(entry => entry.CallId).Order());
        Assert.All(entries, entry => Assert.False(entry.Overrun));
        await AssertProvenAsync();
        return limits;
    }

    private async Task<int> WatchAsync(Dictionary<Guid, long> limits, CancellationToken done)
    {
        for (var looks = 0; ; looks++)
        {
            foreach (var period in await RowsAsync<BudgetPeriod>())
                Assert.True(period.HeldNanoUsd >= 0 && period.SpentNanoUsd + period.HeldNanoUsd <= limits[period.BudgetId], "A budget is over its limit.");
            if (done.IsCancellationRequested) return looks + 1;
        }
    }
}
