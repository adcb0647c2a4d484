using Governance.Domain.Budgets;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Budgets;

/// <summary>A budget and how it stands in its present window.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Start">The window's first day.</param>
/// <param name="SpentNanoUsd">What was spent in it.</param>
/// <param name="HeldNanoUsd">What calls under way hold.</param>
public sealed record BudgetRow(Budget Budget, DateOnly Start, long SpentNanoUsd, long HeldNanoUsd);

/// <summary>Reads budgets.</summary>
public sealed class BudgetQueries(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    /// <summary>Every budget, the organisation's first, then by what it is for and how long it runs.</summary>
    public async Task<IReadOnlyList<BudgetRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.BudgetsRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Organizations.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } organization) return [];
        var today = organization.Zone.DayOf(time.GetUtcNow());
        var starts = Enum.GetValues<BudgetWindow>().Select(window => window.StartOf(today)).Distinct().ToList();
        var budgets = await db.Budgets.AsNoTracking().ToListAsync(cancellation);
        var periods = await db.BudgetPeriods.AsNoTracking().Where(period => starts.Contains(period.Start)).ToDictionaryAsync(period => (period.BudgetId, period.Start), cancellation);
        return
        [
            .. budgets.OrderBy(budget => budget.Scope).ThenBy(budget => budget.ScopeId).ThenBy(budget => budget.Window).Select(budget =>
            {
                var start = budget.Window.StartOf(today);
                var period = periods.GetValueOrDefault((budget.Id, start));
                return new BudgetRow(budget, start, period?.SpentNanoUsd ?? 0, period?.HeldNanoUsd ?? 0);
            }),
        ];
    }
}
