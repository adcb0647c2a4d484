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
    private readonly Dictionary<(Guid Budget, DateOnly Start), BudgetChange> _periods = [];

    /// <summary>The periods that changed, in one order whoever writes them, so that two processes cannot wait for each other.</summary>
    public IReadOnlyList<BudgetPeriod> Changes =>
    [
        .. _periods.Where(period => period.Value.Spent != 0 || period.Value.Held != 0)
            .OrderBy(period => period.Key.Budget).ThenBy(period => period.Key.Start)
            .Select(period => new BudgetPeriod
            {
                BudgetId = period.Key.Budget,
                Start = period.Key.Start,
                OrganizationId = period.Value.OrganizationId,
                SpentNanoUsd = period.Value.Spent,
                HeldNanoUsd = period.Value.Held,
            }),
    ];

    /// <summary>What the holds of the transaction are.</summary>
    public List<BudgetHold> Holds { get; } = [];

    /// <summary>Takes a budget in, as it was read.</summary>
    public void Add(Budget budget)
    {
        if (!_budgets.TryGetValue(budget.ScopeId, out var budgets)) _budgets[budget.ScopeId] = budgets = [];
        budgets.Add(budget);
    }

    /// <summary>Takes a period in, as it was read.</summary>
    public void Add(BudgetPeriod period) => _periods[(period.BudgetId, period.Start)] =
        new BudgetChange(period.OrganizationId) { WasSpent = period.SpentNanoUsd, WasHeld = period.HeldNanoUsd };

    /// <summary>Which periods decide about a call.</summary>
    public IEnumerable<(Guid BudgetId, DateOnly Start)> PeriodsOf(Call call) => BudgetsOf(call).Select(budget => (budget.Id, budget.Window.StartOf(call.Day)));

    /// <summary>Whose budgets a call may fall under.</summary>
    public static IEnumerable<Guid> ScopesOf(Call call) => ScopesOf(call.KeyId, call.ApplicationId, call.TeamId, call.OrganizationId);

    /// <inheritdoc cref="ScopesOf(Call)"/>
    public static IEnumerable<Guid> ScopesOf(LedgerEntry entry) => ScopesOf(entry.KeyId, entry.ApplicationId, entry.TeamId, entry.OrganizationId);

    /// <summary>Holds a call's ceiling on every budget it falls under; on none if one of them refuses.</summary>
    public BudgetRefusal? TryHold(Call call)
    {
        if (call.CeilingNanoUsd == 0) return null; // It cannot cost anything.
        var budgets = BudgetsOf(call).ToList();
        foreach (var budget in budgets)
        {
            if (!budget.Hard) continue;
            var start = budget.Window.StartOf(call.Day);
            var free = budget.LimitNanoUsd - Period(budget, start).Used;
            if (call.CeilingNanoUsd is not { } ceiling || free < 0 || ceiling > free)
                return new BudgetRefusal(budget.Scope, budget.Window, budget.Window.EndOf(start), budget.LimitNanoUsd, free, call.CeilingNanoUsd);
        }

        if (call.CeilingNanoUsd is null) return null;
        foreach (var budget in budgets)
        {
            var hold = new BudgetHold
            {
                CallId = call.Id,
                BudgetId = budget.Id,
                OrganizationId = call.OrganizationId,
                Start = budget.Window.StartOf(call.Day),
                AmountNanoUsd = call.CeilingNanoUsd.Value,
            };
            Holds.Add(hold);
            Period(budget, hold.Start).Held += hold.AmountNanoUsd;
        }

        return null;
    }

    /// <summary>Counts what an entry cost.</summary>
    public void Spend(LedgerEntry entry)
    {
        if (entry.CostNanoUsd == 0) return;
        foreach (var budget in ScopesOf(entry).SelectMany(Of))
        {
            var start = budget.Window.StartOf(entry.Day);
            if (start >= budget.CountsFrom) Period(budget, start).Spent += entry.CostNanoUsd;
        }
    }

    /// <summary>Gives back what a call held.</summary>
    public void Release(BudgetHold hold)
    {
        if (!_periods.TryGetValue((hold.BudgetId, hold.Start), out var period)) _periods[(hold.BudgetId, hold.Start)] = period = new BudgetChange(hold.OrganizationId);
        period.Held -= hold.AmountNanoUsd;
    }

    private IEnumerable<Budget> BudgetsOf(Call call) =>
        ScopesOf(call).SelectMany(Of).Where(budget => budget.Window.StartOf(call.Day) >= budget.CountsFrom)
            .OrderBy(budget => Array.IndexOf(NarrowestFirst, budget.Scope)).ThenBy(budget => budget.Window);

    private static IEnumerable<Guid> ScopesOf(Guid? key, Guid? application, Guid? team, Guid organization)
    {
        if (key is { } k) yield return k;
        if (application is { } a) yield return a;
        if (team is { } t) yield return t;
        yield return organization;
    }

    private List<Budget> Of(Guid scopeId) => _budgets.GetValueOrDefault(scopeId) ?? [];

    private BudgetChange Period(Budget budget, DateOnly start)
    {
        if (!_periods.TryGetValue((budget.Id, start), out var period)) _periods[(budget.Id, start)] = period = new BudgetChange(budget.OrganizationId);
        return period;
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
