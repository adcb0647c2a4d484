using Governance.Domain.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;

namespace Governance.Infrastructure.Budgets;

/// <summary>
/// The budgets that a transaction of the ledger touches, as the database has them under its lock, and what the transaction changes. It
/// decides whether a call may be opened; nothing else does.
/// </summary>
internal sealed class BudgetCounters
{
    private static readonly BudgetScope[] NarrowestFirst = [BudgetScope.Key, BudgetScope.Application, BudgetScope.Team, BudgetScope.Organization];

    private readonly Dictionary<Guid, List<Budget>> _budgets = [];
    private readonly Dictionary<(Guid? Key, Guid? Application, Guid? Team, Guid Organization, DateOnly Day), Budget[]> _falling = [];
    private readonly Dictionary<PeriodKey, BudgetChange> _periods = [];
    private readonly Dictionary<(Guid Instance, Guid Budget, DateOnly Start), LeaseSum> _leases = [];

    /// <summary>The periods that changed, in one order whoever writes them, so that two processes cannot wait for each other.</summary>
    public IReadOnlyList<BudgetPeriod> Changes =>
    [
        .. _periods.Where(period => period.Value.Spent != 0 || period.Value.Held != 0)
            .OrderBy(period => period.Key.BudgetId).ThenBy(period => period.Key.Start)
            .Select(period => new BudgetPeriod
            {
                BudgetId = period.Key.BudgetId,
                Start = period.Key.Start,
                OrganizationId = period.Value.OrganizationId,
                SpentNanoUsd = period.Value.Spent,
                HeldNanoUsd = period.Value.Held,
            }),
    ];

    /// <summary>By how much slices change, in one order whoever writes them.</summary>
    public IReadOnlyList<BudgetLease> LeaseChanges =>
    [
        .. _leases.Where(lease => lease.Value.Change != 0)
            .OrderBy(lease => lease.Key.Instance).ThenBy(lease => lease.Key.Budget).ThenBy(lease => lease.Key.Start)
            .Select(lease => new BudgetLease
            {
                InstanceId = lease.Key.Instance,
                BudgetId = lease.Key.Budget,
                Start = lease.Key.Start,
                OrganizationId = lease.Value.OrganizationId,
                AmountNanoUsd = lease.Value.Change,
            }),
    ];

    /// <summary>Takes a budget in, as it was read.</summary>
    public void Add(Budget budget)
    {
        if (!_budgets.TryGetValue(budget.ScopeId, out var budgets)) _budgets[budget.ScopeId] = budgets = [];
        budgets.Add(budget);
        _falling.Clear();
    }

    /// <summary>Takes a period in, as it was read.</summary>
    public void Add(BudgetPeriod period) => _periods[new PeriodKey(period.BudgetId, period.Start)] =
        new BudgetChange(period.OrganizationId) { WasSpent = period.SpentNanoUsd, WasHeld = period.HeldNanoUsd };

    /// <summary>Takes another process's slice in, as it was read.</summary>
    public void Add(BudgetLease lease) => LeaseOf(lease.InstanceId, new PeriodKey(lease.BudgetId, lease.Start), lease.OrganizationId).Was = lease.AmountNanoUsd;

    /// <summary>Whose budgets a call may fall under.</summary>
    public static IEnumerable<Guid> ScopesOf(Call call) => ScopesOf(call.KeyId, call.ApplicationId, call.TeamId, call.OrganizationId);

    /// <inheritdoc cref="ScopesOf(Call)"/>
    public static IEnumerable<Guid> ScopesOf(LedgerEntry entry) => ScopesOf(entry.KeyId, entry.ApplicationId, entry.TeamId, entry.OrganizationId);

    /// <summary>Holds a call's ceiling on every budget it falls under; on none if one of them refuses.</summary>
    public BudgetRefusal? TryHold(Call call)
    {
        call.HeldOn = [];
        if (call.CeilingNanoUsd == 0) return null; // It cannot cost anything.
        var budgets = BudgetsOf(call);
        foreach (var budget in budgets)
        {
            if (!budget.Hard) continue;
            var start = budget.Window.StartOf(call.Day);
            var free = budget.LimitNanoUsd - Period(budget, start).Used;
            if (call.CeilingNanoUsd is not { } ceiling || free < 0 || ceiling > free)
                return new BudgetRefusal(budget.Scope, budget.Window, budget.Window.EndOf(start), budget.LimitNanoUsd, free, call.CeilingNanoUsd);
        }

        if (call.CeilingNanoUsd is not { } amount) return null;
        call.HeldOn = Array.ConvertAll(budgets, budget => new PeriodKey(budget.Id, budget.Window.StartOf(call.Day)));
        foreach (var budget in budgets) Period(budget, budget.Window.StartOf(call.Day)).Held += amount;
        return null;
    }

    /// <summary>Counts what an entry cost.</summary>
    public void Spend(LedgerEntry entry)
    {
        if (entry.CostNanoUsd == 0) return;
        foreach (var budget in BudgetsOf(entry.KeyId, entry.ApplicationId, entry.TeamId, entry.OrganizationId, entry.Day))
            Period(budget, budget.Window.StartOf(entry.Day)).Spent += entry.CostNanoUsd;
    }

    /// <summary>Gives back what a call held. What it held on a budget that was removed meanwhile went with that.</summary>
    public void Release(Call call)
    {
        foreach (var period in call.HeldOn)
        {
            if (Known(period.BudgetId) is { } budget) Period(budget, period.Start).Held -= call.CeilingNanoUsd ?? 0;
        }
    }

    /// <summary>
    /// Ends what a call drew from its process's slices: what it spent leaves them, and the rest can be drawn again; where the budget is over its
    /// limit, nothing can.
    /// </summary>
    public void Settle(LeaseDraw draw, long cost, LeaseChange change)
    {
        foreach (var period in draw.Periods)
        {
            var leaves = 0L;
            if (Known(period.BudgetId) is { } budget)
            {
                var over = Period(budget, period.Start).Used > budget.LimitNanoUsd;
                leaves = over ? draw.AmountNanoUsd : Math.Min(cost, draw.AmountNanoUsd);
                Lease(change.Book.Holder, budget, period.Start, -leaves);
                if (over) Reclaim(budget.Id, period.Start, change);
            }

            change.Settled.Add((period, draw.AmountNanoUsd, leaves));
        }
    }

    /// <summary>A dead process's call is charged; what it did not hold itself it had drawn from that process's slices.</summary>
    public void SettleAbandoned(Call call, long charged)
    {
        foreach (var budget in BudgetsOf(call).Where(budget => budget.Hard && call.HeldOn.All(period => period.BudgetId != budget.Id)))
        {
            var start = budget.Window.StartOf(call.Day);
            if (!_leases.TryGetValue((call.InstanceId, budget.Id, start), out var lease)) continue;
            Lease(call.InstanceId, budget, start, -Math.Min(charged, lease.Was + lease.Change));
        }
    }

    /// <summary>Fills this process's slices of the budgets of a call up, as far as their periods allow.</summary>
    public void Fill(Call call, LeaseChange change)
    {
        foreach (var budget in BudgetsOf(call).Where(budget => budget.Hard))
        {
            var period = new PeriodKey(budget.Id, budget.Window.StartOf(call.Day));
            if (change.Enlarged.Any(slice => slice.Period == period)) continue;
            var (free, has) = (budget.LimitNanoUsd - Period(budget, period.Start).Used, change.Book.FreeOf(period));
            var options = change.Book.Options;
            var target = (long)Math.Min(options.LargestUsd * 1_000_000_000, (decimal)((free + has) * options.Share));
            if (free <= 0 || has >= target / 2) continue;
            var more = Math.Min(target - has, free);
            Lease(change.Book.Holder, budget, period.Start, more);
            change.Enlarged.Add((budget.ScopeId, period, more));
        }
    }

    /// <summary>Gives back what is free of this process's slices of a call's budgets, so that the call can have it.</summary>
    public bool Reclaim(Call call, LeaseChange change) =>
        BudgetsOf(call).Where(budget => budget.Hard).Aggregate(false, (any, budget) => Reclaim(budget.Id, budget.Window.StartOf(call.Day), change) || any);

    /// <summary>Gives back what is free of one of this process's slices. That of a budget which was removed is gone from the database already.</summary>
    public bool Reclaim(Guid budgetId, DateOnly start, LeaseChange change)
    {
        if (change.Take(new PeriodKey(budgetId, start)) is not (> 0 and var free) || Known(budgetId) is not { } budget) return false;
        Lease(change.Book.Holder, budget, start, -free);
        return true;
    }

    private void Lease(Guid instance, Budget budget, DateOnly start, long amount)
    {
        LeaseOf(instance, new PeriodKey(budget.Id, start), budget.OrganizationId).Change += amount;
        Period(budget, start).Held += amount;
    }

    private LeaseSum LeaseOf(Guid instance, PeriodKey period, Guid organization)
    {
        if (!_leases.TryGetValue((instance, period.BudgetId, period.Start), out var lease)) _leases[(instance, period.BudgetId, period.Start)] = lease = new LeaseSum(organization);
        return lease;
    }

    private Budget? Known(Guid budgetId) => _budgets.Values.SelectMany(budgets => budgets).FirstOrDefault(budget => budget.Id == budgetId);

    private Budget[] BudgetsOf(Call call) => BudgetsOf(call.KeyId, call.ApplicationId, call.TeamId, call.OrganizationId, call.Day);

    /// <summary>The budgets that somebody's calls of a day fall under, narrowest first. Most calls of a transaction are a few holders'.</summary>
    private Budget[] BudgetsOf(Guid? key, Guid? application, Guid? team, Guid organization, DateOnly day)
    {
        if (_falling.TryGetValue((key, application, team, organization, day), out var known)) return known;
        return _falling[(key, application, team, organization, day)] =
        [
            .. ScopesOf(key, application, team, organization).SelectMany(Of).Where(budget => budget.Window.StartOf(day) >= budget.CountsFrom)
                .OrderBy(budget => Array.IndexOf(NarrowestFirst, budget.Scope)).ThenBy(budget => budget.Window),
        ];
    }

    private static IEnumerable<Guid> ScopesOf(Guid? key, Guid? application, Guid? team, Guid organization)
    {
        if (key is { } k) yield return k;
        if (application is { } a) yield return a;
        if (team is { } t) yield return t;
        yield return organization;
    }

    /// <summary>The budgets of a scope, as they were read.</summary>
    public List<Budget> Of(Guid scopeId) => _budgets.GetValueOrDefault(scopeId) ?? [];

    private BudgetChange Period(Budget budget, DateOnly start)
    {
        var key = new PeriodKey(budget.Id, start);
        if (!_periods.TryGetValue(key, out var period)) _periods[key] = period = new BudgetChange(budget.OrganizationId);
        return period;
    }

    /// <summary>What a slice had, where that was read, and by how much it changes.</summary>
    private sealed class LeaseSum(Guid organizationId)
    {
        public Guid OrganizationId => organizationId;

        public long Was { get; set; }

        public long Change { get; set; }
    }

    /// <summary>What a period had, and by how much it changes.</summary>
    private sealed class BudgetChange(Guid organizationId)
    {
        public Guid OrganizationId => organizationId;

        public long WasSpent { get; init; }

        public long WasHeld { get; init; }

        public long Spent { get; set; }

        public long Held { get; set; }

        public long Used => WasSpent + WasHeld + Spent + Held;
    }
}
