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
    /// <param name="session">Where.</param>
    /// <param name="writes">What.</param>
    /// <param name="leases">What happens to this process's slices of budgets; none where it has none.</param>
    /// <returns>For each write why it was refused; none where it was written.</returns>
    public static async ValueTask<BudgetRefusal?[]> RunAsync(LedgerSession session, IReadOnlyList<LedgerWrite> writes, LeaseChange? leases = null)
    {
        var refusals = new BudgetRefusal?[writes.Count];
        var rows = new LedgerRows();
        var rollups = new Rollups();
        var idle = leases?.Idle ?? [];

        // 1. What is there; under lock, where something is decided.
        var counters = new BudgetCounters();
        var scopes = ScopesOf(writes);
        scopes.UnionWith(idle.Select(slice => slice.ScopeId));
        var opening = writes.Where(write => write.Hold || write is { Draw: not null, Call: not null }).Select(write => write.Call!).ToList();
        var found = await session.ReadAsync(new LedgerQuestion(
            leases is not null || opening.Count > 0 || writes.Any(write => write.Abandoned),
            scopes,
            [.. opening.Select(call => call.Day).Concat(Drawn(writes)).ToHashSet()],
            [.. writes.Where(write => write.Abandoned).Select(write => write.Opened!.InstanceId).ToHashSet()]));
        foreach (var budget in found.Budgets) counters.Add(budget);
        foreach (var scope in scopes) leases?.Read[scope] = counters.Of(scope);
        foreach (var period in found.Periods) counters.Add(period);
        foreach (var lease in found.Leases) counters.Add(lease);

        // 2. Outcomes first: what they give back may be held at once. So may slices from which nobody draws.
        foreach (var write in writes.Where(write => !write.Hold))
        {
            Add(write, rows, counters, rollups);
            if (write is not { Opened: { } call, Entry: { } entry }) continue;
            counters.Release(call);
            if (write.Abandoned) counters.SettleAbandoned(call, Math.Min(call.CeilingNanoUsd ?? 0, entry.CostNanoUsd));
        }

        if (leases is not null)
        {
            foreach (var write in writes.Where(write => write is { Draw: not null, Entry: not null })) counters.Settle(write.Draw!, write.Entry!.CostNanoUsd, leases);
        }

        foreach (var slice in idle) counters.Reclaim(slice.Period.BudgetId, slice.Period.Start, leases!);

        // 3. Then calls that are about to be made.
        for (var i = 0; i < writes.Count; i++)
        {
            if (!writes[i].Hold) continue;
            var call = writes[i].Call!;
            refusals[i] = counters.TryHold(call);
            if (refusals[i] is not null && leases is not null && counters.Reclaim(call, leases)) refusals[i] = counters.TryHold(call);
            if (refusals[i] is null) rows.Calls.Add(call);
        }

        // 4. What calls will draw from next.
        if (leases is not null)
        {
            foreach (var call in opening) counters.Fill(call, leases);
        }

        rows.Periods = counters.Changes;
        rows.Leases = counters.LeaseChanges;
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
            if (write is { Hold: true } or { Draw: not null, Call: not null }) scopes.UnionWith(BudgetCounters.ScopesOf(write.Call!));
            if (write.Entry is { } entry && (entry.CostNanoUsd != 0 || write.Draw is not null || write.Opened is { HeldOn.Count: > 0 })) scopes.UnionWith(BudgetCounters.ScopesOf(entry));
        }

        return scopes;
    }

    /// <summary>On which days calls had drawn from slices of budgets whose outcome is written.</summary>
    private static IEnumerable<DateOnly> Drawn(IEnumerable<LedgerWrite> writes) =>
        writes.Where(write => write is { Draw: not null, Entry: not null }).Select(write => write.Entry!.Day);
}
