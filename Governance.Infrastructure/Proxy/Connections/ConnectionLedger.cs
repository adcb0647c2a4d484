using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>What the ledger says about connections, by name.</summary>
internal static class ConnectionLedger
{
    /// <summary>Outcomes that speak against the connection: neither what was refused here nor what callers or this program broke off.</summary>
    private static readonly CallOutcome[] Failures =
    [
        CallOutcome.ProviderError, CallOutcome.ProviderUnreachable, CallOutcome.ProviderTimeout, CallOutcome.ProviderCut, CallOutcome.ProviderGarbage,
    ];

    /// <summary>How connections did since a moment.</summary>
    public static async Task<IReadOnlyDictionary<string, ConnectionHealth>> HealthAsync(GovernanceDbContext db, DateTimeOffset since, CancellationToken cancellation)
    {
        // Durations are counted by their first two digits, so that the median of any number of calls is taken from few rows.
        var counts = await Sent(db, since)
            .GroupBy(entry => new { entry.Connection, entry.Outcome, Duration = entry.DurationMs < 1000 ? entry.DurationMs / 10 * 10 : entry.DurationMs / 100 * 100 })
            .Select(group => new { group.Key.Connection, group.Key.Outcome, group.Key.Duration, Calls = group.LongCount() })
            .ToListAsync(cancellation);
        return counts.GroupBy(count => count.Connection!, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => new ConnectionHealth(
                group.Sum(count => count.Calls),
                group.Where(count => Failures.Contains(count.Outcome)).Sum(count => count.Calls),
                Median([.. group.Where(count => count.Outcome == CallOutcome.Succeeded).Select(count => (count.Duration, count.Calls)).OrderBy(count => count.Duration)])),
            StringComparer.Ordinal);
    }

    /// <summary>How calls failed since a moment, the latest first.</summary>
    public static async Task<ILookup<string, ConnectionFailure>> FailuresAsync(GovernanceDbContext db, DateTimeOffset since, CancellationToken cancellation)
    {
        var counts = await Sent(db, since).Where(entry => Failures.Contains(entry.Outcome))
            .GroupBy(entry => new { entry.Connection, entry.Outcome, entry.Status, entry.ErrorCode })
            .Select(group => new { group.Key, Calls = group.LongCount(), LastAt = group.Max(entry => entry.StartedAt) })
            .ToListAsync(cancellation);
        return counts.OrderByDescending(count => count.LastAt).ToLookup(
            count => count.Key.Connection!, count => new ConnectionFailure(count.Key.Outcome, count.Key.Status, count.Key.ErrorCode, count.Calls, count.LastAt), StringComparer.Ordinal);
    }

    /// <summary>What was called through connections in a period, and what it cost.</summary>
    public static async Task<IReadOnlyDictionary<string, (long Calls, Money Cost)>> CostsAsync(GovernanceDbContext db, TimeRange period, CancellationToken cancellation) =>
        (await CostFilter.Within(db, period).Where(entry => entry.Connection != null && entry.Outcome != CallOutcome.Refused && entry.SavedNanoUsd == null)
            .GroupBy(entry => entry.Connection!)
            .Select(group => new { group.Key, Calls = group.Sum(entry => (long)entry.RequestCount), Cost = group.Sum(entry => entry.CostNanoUsd) })
            .ToListAsync(cancellation))
        .ToDictionary(sum => sum.Key, sum => (sum.Calls, new Money(sum.Cost)), StringComparer.Ordinal);

    /// <summary>The models that were called through a connection in a period, the costliest first.</summary>
    public static async Task<IReadOnlyList<ConnectionModel>> ModelsAsync(
        GovernanceDbContext db, string connection, TimeRange period, int limit, CancellationToken cancellation) =>
        [
            .. (await CostFilter.Within(db, period).Where(entry => entry.Connection == connection && entry.Outcome != CallOutcome.Refused && entry.SavedNanoUsd == null)
                .GroupBy(entry => entry.Model)
                .Select(group => new
                {
                    group.Key,
                    Calls = group.Sum(entry => (long)entry.RequestCount),
                    Cost = group.Sum(entry => entry.CostNanoUsd),
                    Tokens = group.Sum(entry => entry.InputTokens + entry.CachedInputTokens + entry.CacheWriteTokens + entry.CacheWrite1hTokens + entry.OutputTokens),
                })
                .OrderByDescending(sum => sum.Cost).ThenByDescending(sum => sum.Calls).ThenBy(sum => sum.Key)
                .Take(limit).ToListAsync(cancellation))
            .Select(sum => new ConnectionModel(sum.Key, sum.Calls, new Money(sum.Cost), sum.Tokens)),
        ];

    private static IQueryable<LedgerEntry> Sent(GovernanceDbContext db, DateTimeOffset since) => db.LedgerEntries.AsNoTracking()
        .Where(entry => entry.StartedAt >= since && entry.RequestCount == 1 && entry.Connection != null && entry.Outcome != CallOutcome.Refused && entry.SavedNanoUsd == null);

    private static int? Median(IReadOnlyList<(int Duration, long Calls)> ascending)
    {
        var middle = (ascending.Sum(count => count.Calls) + 1) / 2;
        foreach (var (duration, calls) in ascending)
        {
            middle -= calls;
            if (middle <= 0) return duration;
        }

        return null;
    }
}
