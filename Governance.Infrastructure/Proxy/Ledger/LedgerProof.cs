using System.Data;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>What was found when everything that is derived from the ledger was computed anew.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Rollups">How many rollups they make.</param>
/// <param name="Differences">What does not fit, in words; empty if all does.</param>
public sealed record LedgerProofResult(long Entries, int Rollups, IReadOnlyList<string> Differences);

/// <summary>Proves that rollups and budgets are what the ledger's entries and holds add up to, and makes rollups anew.</summary>
public sealed class LedgerProof(GovernanceDatabase database, LedgerDatabase ledger)
{
    private const int MostDifferences = 100;

    /// <summary>Compares, in one snapshot of the database and without keeping anybody from writing.</summary>
    public async Task<LedgerProofResult> ProveAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        await using var snapshot = await SnapshotAsync(db, cancellation);
        var differences = new List<string>();
        var (entries, expected) = await SumAsync(db, cancellation);
        var sums = expected.Sums.ToDictionary(KeyOf);
        await foreach (var rollup in db.CostRollups.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (!sums.Remove(KeyOf(rollup), out var sum)) sum = null;
            if (!Alike(rollup, sum)) Add($"{rollup.Grain} {rollup.Day:yyyy-MM-dd} {rollup.Hour:00} {rollup.DimensionsId:n}: the rollup says {Words(rollup)}, its entries {Words(sum)}");
        }

        foreach (var sum in sums.Values) Add($"{sum.Grain} {sum.Day:yyyy-MM-dd} {sum.Hour:00} {sum.DimensionsId:n}: there is no rollup, its entries say {Words(sum)}");
        foreach (var budget in await db.Budgets.AsNoTracking().ToListAsync(cancellation)) await ProveAsync(db, budget, Add, cancellation);
        return new LedgerProofResult(entries, expected.Sums.Count, differences);

        void Add(string difference)
        {
            if (differences.Count < MostDifferences) differences.Add(difference);
        }
    }

    /// <summary>Makes the rollups of an organisation anew. Nobody books while it runs.</summary>
    /// <returns>How many entries they are made of.</returns>
    public async Task<long> RebuildAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        if (database.Provider == DatabaseProvider.Postgres)
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({PostgresLedgerSession.BudgetsLock})", cancellation);
        await db.CostRollups.ExecuteDeleteAsync(cancellation);
        var (entries, rollups) = await SumAsync(db, cancellation);
        await ledger.WriteAsync(db, new LedgerRows { Rollups = rollups.Sums, Dimensions = rollups.Dimensions });
        await transaction.CommitAsync(cancellation);
        return entries;
    }

    private static async Task ProveAsync(GovernanceDbContext db, Budget budget, Action<string> add, CancellationToken cancellation)
    {
        var spent = (await SpentAsync(db, budget, cancellation)).ToDictionary();
        var held = await db.BudgetHolds.Where(hold => hold.BudgetId == budget.Id).GroupBy(hold => hold.Start)
            .Select(group => new { group.Key, Sum = group.Sum(hold => hold.AmountNanoUsd) }).ToDictionaryAsync(group => group.Key, group => group.Sum, cancellation);
        foreach (var lease in await db.BudgetLeases.AsNoTracking().Where(lease => lease.BudgetId == budget.Id).ToListAsync(cancellation))
            held[lease.Start] = held.GetValueOrDefault(lease.Start) + lease.AmountNanoUsd;
        var periods = await db.BudgetPeriods.AsNoTracking().Where(period => period.BudgetId == budget.Id).ToDictionaryAsync(period => period.Start, cancellation);
        foreach (var start in spent.Keys.Union(held.Keys).Union(periods.Keys).Order())
        {
            var (is1, is2) = (periods.GetValueOrDefault(start)?.SpentNanoUsd ?? 0, periods.GetValueOrDefault(start)?.HeldNanoUsd ?? 0);
            var (should1, should2) = (spent.GetValueOrDefault(start), held.GetValueOrDefault(start));
            if (is1 != should1) add($"Budget {budget.Id:n} from {start:yyyy-MM-dd}: it counts {is1} nano-dollars as spent, the ledger has {should1}");
            if (is2 != should2) add($"Budget {budget.Id:n} from {start:yyyy-MM-dd}: it counts {is2} nano-dollars as held, the holds and what processes have set aside are {should2}");
        }
    }

    /// <summary>From the entries themselves, not from rollups.</summary>
    private static async Task<IEnumerable<KeyValuePair<DateOnly, long>>> SpentAsync(GovernanceDbContext db, Budget budget, CancellationToken cancellation)
    {
        var entries = budget.Scope switch
        {
            Domain.Budgets.BudgetScope.Organization => db.LedgerEntries,
            Domain.Budgets.BudgetScope.Team => db.LedgerEntries.Where(entry => entry.TeamId == budget.ScopeId),
            Domain.Budgets.BudgetScope.Application => db.LedgerEntries.Where(entry => entry.ApplicationId == budget.ScopeId),
            _ => db.LedgerEntries.Where(entry => entry.KeyId == budget.ScopeId),
        };
        var days = await entries.Where(entry => entry.Day >= budget.CountsFrom).GroupBy(entry => entry.Day)
            .Select(group => new { group.Key, Cost = group.Sum(entry => entry.CostNanoUsd) }).ToListAsync(cancellation);
        return days.GroupBy(day => Domain.Budgets.BudgetWindows.StartOf(budget.Window, day.Key)).Select(window => KeyValuePair.Create(window.Key, window.Sum(day => day.Cost)));
    }

    private static async Task<(long Entries, Rollups Sums)> SumAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        var (count, sums) = (0L, new Rollups());
        await foreach (var entry in db.LedgerEntries.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            sums.Add(entry);
            count++;
        }

        return (count, sums);
    }

    private static async Task<IDbContextTransaction> SnapshotAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        if (db.Database.GetDbConnection() is not SqliteConnection sqlite) return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        return (await db.Database.UseTransactionAsync(sqlite.BeginTransaction(deferred: true), cancellation))!;
    }

    private static (RollupGrain, DateOnly, int, Guid) KeyOf(CostRollup rollup) => (rollup.Grain, rollup.Day, rollup.Hour, rollup.DimensionsId);

    private static bool Alike(CostRollup rollup, CostRollup? sum) => sum is null ? FiguresOf(rollup) == default : FiguresOf(rollup) == FiguresOf(sum);

    private static (long, long, long, long, long, long, long, long, long, long, long) FiguresOf(CostRollup sum) => (
        sum.CostNanoUsd, sum.Requests, sum.Errors, sum.PromptTokens, sum.CachedTokens, sum.OutputTokens, sum.Estimated, sum.Unpriced, sum.Sandbox, sum.CacheHits, sum.SavedNanoUsd);

    private static string Words(CostRollup? sum) => sum is null ? "nothing" : $"{sum.CostNanoUsd} nano-dollars for {sum.Requests} calls, tokens {sum.PromptTokens} + {sum.OutputTokens}";
}
