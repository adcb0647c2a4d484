using Governance.Domain.Budgets;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Budgets;

/// <summary>A budget and how it stands in its present window.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Start">The window's first day.</param>
/// <param name="SpentNanoUsd">What was spent in it.</param>
/// <param name="HeldNanoUsd">What calls under way hold, and what processes have set aside.</param>
/// <param name="SuspenseNanoUsd">The part of it that processes had set aside which died: what they spent of it is not known.</param>
public sealed record BudgetRow(Budget Budget, DateOnly Start, long SpentNanoUsd, long HeldNanoUsd, long SuspenseNanoUsd = 0);

/// <summary>Reads budgets.</summary>
public sealed class BudgetQueries(GovernanceDatabase database, AccessControl access, ProcessRegistry processes, TimeProvider time)
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
        var suspense = (await InSuspense(db, processes, time.GetUtcNow()).Where(lease => starts.Contains(lease.Start)).ToListAsync(cancellation))
            .ToLookup(lease => (lease.BudgetId, lease.Start), lease => lease.AmountNanoUsd);
        return
        [
            .. budgets.OrderBy(budget => budget.Scope).ThenBy(budget => budget.ScopeId).ThenBy(budget => budget.Window).Select(budget =>
            {
                var start = budget.Window.StartOf(today);
                var period = periods.GetValueOrDefault((budget.Id, start));
                return new BudgetRow(budget, start, period?.SpentNanoUsd ?? 0, period?.HeldNanoUsd ?? 0, suspense[(budget.Id, start)].Sum());
            }),
        ];
    }

    /// <summary>Slices whose processes are dead.</summary>
    internal static IQueryable<BudgetLease> InSuspense(GovernanceDbContext db, ProcessRegistry processes, DateTimeOffset now)
    {
        var alive = processes.AliveSince(now);
        return db.BudgetLeases.Where(lease => lease.AmountNanoUsd > 0 && !db.ProcessInstances.Any(instance => instance.Id == lease.InstanceId && instance.LastSeenAt >= alive));
    }
}
