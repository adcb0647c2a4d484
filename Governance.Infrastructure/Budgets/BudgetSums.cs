using Governance.Domain.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Budgets;

/// <summary>What a budget's counters have to be: Σ of the ledger, read anew.</summary>
internal static class BudgetSums
{
    /// <summary>What was spent in each window from the first that the budget counts, by the rollups of days, which are exact in the same transaction.</summary>
    public static async Task<IReadOnlyDictionary<DateOnly, long>> SpentAsync(GovernanceDbContext db, Budget budget, CancellationToken cancellation)
    {
        var days = await Of(db.CostRollups, budget)
            .Where(rollup => rollup.OrganizationId == budget.OrganizationId && rollup.Grain == RollupGrain.Day && rollup.Day >= budget.CountsFrom)
            .GroupBy(rollup => rollup.Day)
            .Select(day => new { Day = day.Key, Cost = day.Sum(rollup => rollup.CostNanoUsd) }).ToListAsync(cancellation);
        return days.GroupBy(day => budget.Window.StartOf(day.Day)).ToDictionary(window => window.Key, window => window.Sum(day => day.Cost));
    }

    private static IQueryable<CostRollup> Of(IQueryable<CostRollup> all, Budget budget) => budget.Scope switch
    {
        BudgetScope.Organization => all.Where(rollup => rollup.Shape == RollupShape.Total),
        BudgetScope.Team => all.Where(rollup => rollup.Shape == RollupShape.Team && rollup.TeamId == budget.ScopeId),
        BudgetScope.Application => all.Where(rollup => rollup.Shape == RollupShape.Application && rollup.ApplicationId == budget.ScopeId),
        _ => all.Where(rollup => rollup.Shape == RollupShape.Key && rollup.KeyId == budget.ScopeId),
    };
}
