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
        var days = await (
            from rollup in db.CostRollups
            join dimensions in Of(db.RollupDimensions, budget) on rollup.DimensionsId equals dimensions.Id
            where rollup.OrganizationId == budget.OrganizationId && rollup.Grain == RollupGrain.DayDetail && rollup.Day >= budget.CountsFrom
            group rollup by rollup.Day into day
            select new { Day = day.Key, Cost = day.Sum(rollup => rollup.CostNanoUsd) }).ToListAsync(cancellation);
        return days.GroupBy(day => budget.Window.StartOf(day.Day)).ToDictionary(window => window.Key, window => window.Sum(day => day.Cost));
    }

    private static IQueryable<RollupDimensions> Of(IQueryable<RollupDimensions> all, Budget budget) => budget.Scope switch
    {
        BudgetScope.Organization => all.Where(dimensions => dimensions.OrganizationId == budget.ScopeId),
        BudgetScope.Team => all.Where(dimensions => dimensions.TeamId == budget.ScopeId),
        BudgetScope.Application => all.Where(dimensions => dimensions.ApplicationId == budget.ScopeId),
        _ => all.Where(dimensions => dimensions.KeyId == budget.ScopeId),
    };
}
