using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>
/// What a transaction of the ledger does, whichever database it is: outcomes give back what their calls held and are counted, then calls that
/// are about to be made hold their ceilings, in the order in which they came.
/// </summary>
internal static class LedgerTransaction
{
    /// <summary>Writes within the session's transaction, and does not commit.</summary>
    /// <returns>For each write why it was refused; none where it was written.</returns>
    public static async ValueTask<BudgetRefusal?[]> RunAsync(LedgerSession session, IReadOnlyList<LedgerWrite> writes)
    {
        var refusals = new BudgetRefusal?[writes.Count];
        var rows = new LedgerRows();
        var rollups = new Rollups();

        // 1. What is there, under lock.
        var counters = new BudgetCounters();
        foreach (var budget in await session.LockBudgetsAsync(ScopesOf(writes))) counters.Add(budget);
        var opening = writes.Where(write => write.Hold).Select(write => write.Call!);
        foreach (var period in await session.PeriodsAsync([.. opening.SelectMany(counters.PeriodsOf).ToHashSet()])) counters.Add(period);

        // 2. Outcomes first: what they give back may be held at once.
        foreach (var hold in await session.TakeHoldsAsync([.. Settled(writes)])) counters.Release(hold);
        foreach (var write in writes.Where(write => !write.Hold)) Add(write, rows, counters, rollups);

        // 3. Then calls that are about to be made.
        for (var i = 0; i < writes.Count; i++)
        {
            if (!writes[i].Hold) continue;
            refusals[i] = counters.TryHold(writes[i].Call!);
            if (refusals[i] is null) Add(writes[i], rows, counters, rollups);
        }

        rows.Holds = counters.Holds;
        rows.Periods = counters.Changes;
        rows.Rollups = rollups.TakeSums();
        await session.WriteAsync(rows);
        return refusals;
    }

    private static void Add(LedgerWrite write, LedgerRows rows, BudgetCounters counters, Rollups rollups)
    {
        if (write.Call is { } call) rows.Calls.Add(call);
        if (write.Entry is { } entry)
        {
            if (write.Leaf is null && CallLeaf.IsNeeded(entry)) throw new InvalidOperationException("An outcome is booked with its leaf in the audit log.");
            rows.Entries.Add(entry);
            counters.Spend(entry);
            rollups.Add(entry);
        }

        rows.Attempts.AddRange(write.Attempts);
        if (write.Leaf is not { } leaf) return;
        rows.Events.Add(leaf.Event);
        rows.Parts.AddRange(leaf.Parts);
    }

    private static HashSet<Guid> ScopesOf(IEnumerable<LedgerWrite> writes)
    {
        var scopes = new HashSet<Guid>();
        foreach (var write in writes)
        {
            if (write.Hold) scopes.UnionWith(BudgetCounters.ScopesOf(write.Call!));
            if (write.Entry is { CostNanoUsd: not 0 } entry) scopes.UnionWith(BudgetCounters.ScopesOf(entry));
        }

        return scopes;
    }

    /// <summary>Calls whose outcome is written. Those that were opened in the same breath, or in another way, held nothing.</summary>
    private static IEnumerable<Guid> Settled(IEnumerable<LedgerWrite> writes) =>
        writes.Where(write => write is { Call: null, Entry.RequestCount: 1 }).Select(write => write.Entry!.CallId);
}
