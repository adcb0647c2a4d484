using System.Data;
using Governance.Domain;
using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Budgets;

/// <summary>A budget as it is asked for.</summary>
/// <param name="Scope">Whose spending it bounds.</param>
/// <param name="ScopeId">The key, application or team; none stands for the organisation.</param>
/// <param name="Window">How often it begins anew.</param>
/// <param name="Limit">How much may be spent in a window.</param>
/// <param name="Hard">Whether calls that may exceed it are refused.</param>
public sealed record NewBudget(BudgetScope Scope, Guid? ScopeId, BudgetWindow Window, Money Limit, bool Hard);

/// <summary>Sets and removes budgets.</summary>
public sealed class BudgetService(GovernanceDatabase database, AccessControl access, AuditTrail audit, ProcessRegistry processes, InterruptedCallsJob interrupted, TimeProvider time)
{
    /// <summary>A larger limit is more likely a slip of the keyboard.</summary>
    public static readonly Money Largest = Money.FromDollars(1_000_000_000);

    /// <summary>Sets the budget of a scope and window: makes it, or changes its limit. What was spent in its present window counts from the start.</summary>
    public async Task<Result<Budget>> SetAsync(Actor actor, NewBudget request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.BudgetsWrite, cancellation) is { } forbidden) return forbidden;
        if (request.Limit.NanoUsd < 0 || request.Limit.NanoUsd > Largest.NanoUsd)
            return Refusal.Invalid(nameof(request.Limit), $"The limit lies between 0 and {Largest.NanoUsd / 1_000_000_000:N0} dollars.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        var scopeId = request.ScopeId ?? actor.OrganizationId;
        if (!await ExistsAsync(db, request.Scope, scopeId, cancellation))
            return Refusal.NotFound($"There is no such {Domain.Audit.AuditLeaf.NameOf(request.Scope)}.");

        await using var transaction = await LockAsync(db, cancellation);
        var budget = await db.Budgets.SingleOrDefaultAsync(row => row.ScopeId == scopeId && row.Window == request.Window, cancellation);
        var before = budget is null ? null : new { budget.LimitNanoUsd, budget.Hard };
        if (budget is null) db.Budgets.Add(budget = await NewAsync(db, actor.OrganizationId, request, scopeId, cancellation));
        else (budget.LimitNanoUsd, budget.Hard) = (request.Limit.NanoUsd, request.Hard);
        audit.Record(db, actor, "budget.set", "budget", PublicId.Format(PublicId.Budget, budget.Id),
            new { budget.Scope, budget.ScopeId, budget.Window, budget.LimitNanoUsd, budget.Hard, Before = before });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return budget;
    }

    /// <summary>Removes a budget, and what it counted. Calls that are under way go on.</summary>
    public async Task<Result> RemoveAsync(Actor actor, Guid budgetId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.BudgetsWrite, cancellation) is { } forbidden) return new Result(forbidden);
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await LockAsync(db, cancellation);
        var budget = await db.Budgets.SingleOrDefaultAsync(row => row.Id == budgetId, cancellation);
        if (budget is null) return new Result(Refusal.NotFound("There is no such budget."));
        db.Budgets.Remove(budget);
        audit.Record(db, actor, "budget.removed", "budget", PublicId.Format(PublicId.Budget, budget.Id),
            new { budget.Scope, budget.ScopeId, budget.Window, budget.LimitNanoUsd, budget.Hard });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>
    /// Gives back to a budget what processes had set aside which died. Their calls that are recorded are charged first; of those that are not, whoever
    /// asks for it has made sure that they are booked, or takes it that they cost nothing.
    /// </summary>
    /// <returns>How much it was, in nano-dollars.</returns>
    public async Task<Result<long>> ReleaseAsync(Actor actor, Guid budgetId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.BudgetsWrite, cancellation) is { } forbidden) return forbidden;
        var now = time.GetUtcNow();
        await interrupted.RunAsync(cancellation); // Of every process that is dead by now; what dies meanwhile is not released.
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await LockAsync(db, cancellation);
        if (await db.Budgets.SingleOrDefaultAsync(row => row.Id == budgetId, cancellation) is not { } budget) return Refusal.NotFound("There is no such budget.");
        var suspense = await BudgetQueries.InSuspense(db, processes, now).Where(lease => lease.BudgetId == budgetId).ToListAsync(cancellation);
        var released = suspense.Sum(lease => lease.AmountNanoUsd);
        if (released == 0) return 0L;
        foreach (var lease in suspense)
        {
            await db.BudgetPeriods.Where(period => period.BudgetId == budgetId && period.Start == lease.Start)
                .ExecuteUpdateAsync(set => set.SetProperty(period => period.HeldNanoUsd, period => period.HeldNanoUsd - lease.AmountNanoUsd), cancellation);
        }

        db.BudgetLeases.RemoveRange(suspense);
        audit.Record(db, actor, "budget.suspense_released", "budget", PublicId.Format(PublicId.Budget, budget.Id), new { budget.Scope, budget.ScopeId, budget.Window, AmountNanoUsd = released });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return released;
    }

    /// <summary>No transaction of the ledger runs while the set of budgets changes: on SQLite because one writes at a time, on PostgreSQL by a lock.</summary>
    private async Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> LockAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        if (database.Provider == DatabaseProvider.Postgres)
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({PostgresLedgerSession.BudgetsLock})", cancellation);
        return transaction;
    }

    private async Task<Budget> NewAsync(GovernanceDbContext db, Guid organizationId, NewBudget request, Guid scopeId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var today = (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone.DayOf(now);
        var budget = new Budget
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            Scope = request.Scope,
            ScopeId = scopeId,
            Window = request.Window,
            LimitNanoUsd = request.Limit.NanoUsd,
            Hard = request.Hard,
            CountsFrom = request.Window.StartOf(today),
            CreatedAt = now,
        };
        foreach (var (start, spent) in await BudgetSums.SpentAsync(db, budget, cancellation))
        {
            db.BudgetPeriods.Add(new BudgetPeriod { BudgetId = budget.Id, Start = start, OrganizationId = organizationId, SpentNanoUsd = spent });
        }

        return budget;
    }

    private static Task<bool> ExistsAsync(GovernanceDbContext db, BudgetScope scope, Guid id, CancellationToken cancellation) => scope switch
    {
        BudgetScope.Organization => db.Organizations.AnyAsync(row => row.Id == id, cancellation),
        BudgetScope.Team => db.Teams.AnyAsync(row => row.Id == id, cancellation),
        BudgetScope.Application => db.Applications.AnyAsync(row => row.Id == id, cancellation),
        _ => db.VirtualKeys.AnyAsync(row => row.Id == id, cancellation),
    };
}
