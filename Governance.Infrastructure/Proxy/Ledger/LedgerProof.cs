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

    /// <summary>So many rollups are written by one statement.</summary>
    private const int MostAtOnce = 2_000;

    /// <summary>Compares, in one snapshot of the database and without keeping anybody from writing.</summary>
    public async Task<LedgerProofResult> ProveAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        await using var snapshot = await SnapshotAsync(db, cancellation);
        var differences = new List<string>();
        var (entries, rollups) = (0L, 0);
        foreach (var month in await MonthsAsync(db, cancellation))
        {
            var (count, expected) = await SumAsync(db, month, cancellation);
            var sums = expected.ToDictionary(RollupKey.Of);
            (entries, rollups) = (entries + count, rollups + sums.Count);
            foreach (var (shape, grain) in RollupShapes.Kinds)
            {
                var kept = db.CostRollups.AsNoTracking().Where(rollup => rollup.Shape == shape && rollup.Grain == grain && rollup.Day >= month && rollup.Day < month.AddMonths(1));
                await foreach (var rollup in kept.AsAsyncEnumerable().WithCancellation(cancellation))
                {
                    if (!sums.Remove(RollupKey.Of(rollup), out var sum)) sum = null;
                    if (!Alike(rollup, sum)) Add($"{Name(rollup)}: the rollup says {Words(rollup)}, its entries {Words(sum)}");
                }
            }

            foreach (var sum in sums.Values) Add($"{Name(sum)}: there is no rollup, its entries say {Words(sum)}");
        }

        var held = await HeldAsync(db, cancellation);
        foreach (var budget in await db.Budgets.AsNoTracking().ToListAsync(cancellation)) await ProveAsync(db, budget, held, Add, cancellation);
        return new LedgerProofResult(entries, rollups, differences);

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
        var entries = 0L;
        foreach (var month in await MonthsAsync(db, cancellation))
        {
            var (count, rollups) = await SumAsync(db, month, cancellation);
            foreach (var some in rollups.Chunk(MostAtOnce)) await ledger.WriteAsync(db, new LedgerRows { Rollups = some });
            entries += count;
        }

        await transaction.CommitAsync(cancellation);
        return entries;
    }

    /// <summary>What is held on which budgets: the ceilings of the calls that have no outcome.</summary>
    private static async Task<ILookup<PeriodKey, long>> HeldAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        var open = await db.Calls.AsNoTracking().Where(call => call.CeilingNanoUsd != null && !db.LedgerEntries.Any(entry => entry.CallId == call.Id))
            .Select(call => new { call.CeilingNanoUsd, call.HeldOn }).ToListAsync(cancellation);
        return open.SelectMany(call => call.HeldOn, (call, period) => (period, call.CeilingNanoUsd!.Value)).ToLookup(hold => hold.period, hold => hold.Value);
    }

    private static async Task ProveAsync(GovernanceDbContext db, Budget budget, ILookup<PeriodKey, long> holds, Action<string> add, CancellationToken cancellation)
    {
        var spent = (await SpentAsync(db, budget, cancellation)).ToDictionary();
        var held = holds.Where(hold => hold.Key.BudgetId == budget.Id).ToDictionary(hold => hold.Key.Start, hold => hold.Sum());
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

    /// <summary>The first days of the months from the first to the last of which anything is known: one after the other, so that memory stays bounded.</summary>
    private static async Task<IReadOnlyList<DateOnly>> MonthsAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        // By when calls started, which an index knows; a day is at most two off, whatever time zone the organisation has had.
        var (first, last) = (await db.LedgerEntries.MinAsync(entry => (DateTimeOffset?)entry.StartedAt, cancellation), await db.LedgerEntries.MaxAsync(entry => (DateTimeOffset?)entry.StartedAt, cancellation));
        var days = new List<DateOnly>();
        if (first is { } from) days.Add(DateOnly.FromDateTime(from.UtcDateTime).AddDays(-2));
        if (last is { } to) days.Add(DateOnly.FromDateTime(to.UtcDateTime).AddDays(2));
        foreach (var (shape, grain) in RollupShapes.Kinds)
        {
            var kept = db.CostRollups.Where(rollup => rollup.Shape == shape && rollup.Grain == grain);
            if (await kept.MinAsync(rollup => (DateOnly?)rollup.Day, cancellation) is not { } earliest) continue;
            days.AddRange([earliest, (await kept.MaxAsync(rollup => (DateOnly?)rollup.Day, cancellation))!.Value]);
        }

        var months = new List<DateOnly>();
        if (days.Count == 0) return months;
        var (start, end) = (days.Min(), days.Max());
        for (var month = new DateOnly(start.Year, start.Month, 1); month <= end; month = month.AddMonths(1)) months.Add(month);
        return months;
    }

    private static async Task<(long Entries, IReadOnlyList<CostRollup> Sums)> SumAsync(GovernanceDbContext db, DateOnly month, CancellationToken cancellation)
    {
        var (count, sums) = (0L, new Rollups(db.OrganizationId));
        var start = new DateTimeOffset(month, TimeOnly.MinValue, TimeSpan.Zero);
        var near = new TimeRange(start.AddDays(-2), start.AddMonths(1).AddDays(2));
        var entries = CostFilter.Within(db, near).Select(CostFact.OfEntry).Where(entry => entry.Day >= month && entry.Day < month.AddMonths(1));
        await foreach (var entry in entries.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            sums.Add(entry);
            count++;
        }

        return (count, sums.TakeSums());
    }

    private static async Task<IDbContextTransaction> SnapshotAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        if (db.Database.GetDbConnection() is not SqliteConnection sqlite) return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        return (await db.Database.UseTransactionAsync(sqlite.BeginTransaction(deferred: true), cancellation))!;
    }

    private static string Name(CostRollup rollup) =>
        $"{rollup.Shape} by {rollup.Grain} {rollup.Day:yyyy-MM-dd} {rollup.Hour:00} of {rollup.TeamId:n} {rollup.ApplicationId:n} {rollup.KeyId:n} {rollup.SubjectId:n} {rollup.Provider} {rollup.Model}";

    private static bool Alike(CostRollup rollup, CostRollup? sum) => FiguresOf(rollup) == (sum is null ? default : FiguresOf(sum));

    private static (long, long, long, long, long, long, long, long, long, long, long, long) FiguresOf(CostRollup sum) => (
        sum.Entries, sum.CostNanoUsd, sum.Requests, sum.Errors, sum.PromptTokens, sum.CachedTokens, sum.OutputTokens, sum.Estimated, sum.Unpriced, sum.Sandbox, sum.CacheHits, sum.SavedNanoUsd);

    private static string Words(CostRollup? sum) => sum is null ? "nothing" : $"{sum.CostNanoUsd} nano-dollars for {sum.Requests} calls, tokens {sum.PromptTokens} + {sum.OutputTokens}";
}
