using System.Linq.Expressions;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>Sums over the part of the ledger that an actor may read. Every figure on a page and in the API comes from here.</summary>
public sealed class CostQueries(AccessControl access)
{
    /// <summary>More groups than this are never returned; a narrower question is asked for instead.</summary>
    public const int MaxGroups = 20_000;

    /// <summary>One sum over everything; zero where there is nothing.</summary>
    public async Task<CostSum> TotalAsync(Actor actor, CostFilter filter, CancellationToken cancellation) =>
        (await SumAsync(actor, filter, [CostDimension.Provider], cancellation)).Aggregate(CostSum.Zero, (total, sum) => total + sum);

    /// <summary>
    /// Sums by a combination of dimensions; groups without entries are absent, and no dimension gives the one total. Days and hours
    /// ascend, then the highest cost comes first.
    /// </summary>
    /// <exception cref="TooManyGroupsException">There are more than <see cref="MaxGroups"/> groups.</exception>
    public async Task<IReadOnlyList<CostSum>> SumAsync(
        Actor actor, CostFilter filter, IReadOnlyCollection<CostDimension> by, CancellationToken cancellation)
    {
        if (by.Count == 0) return [await TotalAsync(actor, filter, cancellation)];

        await using var db = await access.OpenAsync(actor, Permissions.CostsRead, cancellation);
        var sums = await filter.Apply(db.LedgerEntries)
            .GroupBy(KeySelector(by))
            .Select(group => new
            {
                group.Key,
                Cost = group.Sum(entry => entry.CostNanoUsd),
                Requests = group.Sum(entry => (long)entry.RequestCount),
                Errors = group.Sum(entry => entry.Outcome == CallOutcome.Succeeded ? 0L : entry.RequestCount),
                Prompt = group.Sum(entry => entry.InputTokens + entry.CachedInputTokens + entry.CacheWriteTokens + entry.CacheWrite1hTokens
                    + entry.AudioInputTokens + entry.ImageInputTokens),
                Cached = group.Sum(entry => entry.CachedInputTokens),
                Output = group.Sum(entry => entry.OutputTokens + entry.AudioOutputTokens + entry.ImageOutputTokens),
                Estimated = group.Sum(entry => entry.Provenance == Provenance.Estimated ? (long)entry.RequestCount : 0L),
                Unpriced = group.Sum(entry => entry.Unpriced ? (long)entry.RequestCount : 0L),
                Sandbox = group.Sum(entry => entry.Connection == ProviderConnections.SandboxName ? (long)entry.RequestCount : 0L),
            })
            .Take(MaxGroups + 1)
            .ToListAsync(cancellation);
        if (sums.Count > MaxGroups) throw new TooManyGroupsException();

        return
        [
            .. sums
                .Select(sum => new CostSum(
                    sum.Key, sum.Cost, sum.Requests, sum.Errors, sum.Prompt, sum.Cached, sum.Output, sum.Estimated, sum.Unpriced, sum.Sandbox))
                .OrderBy(sum => sum.Key.Day)
                .ThenBy(sum => sum.Key.Hour)
                .ThenByDescending(sum => sum.CostNanoUsd)
                .ThenByDescending(sum => sum.Requests),
        ];
    }

    /// <summary>Builds <c>entry => new CostKey { … }</c> with just the members asked for, so that the database groups by nothing else.</summary>
    private static Expression<Func<LedgerEntry, CostKey>> KeySelector(IReadOnlyCollection<CostDimension> by)
    {
        var entry = Expression.Parameter(typeof(LedgerEntry), "entry");
        var bindings = by.Distinct().Select(dimension =>
        {
            var column = Column(dimension);
            var member = typeof(CostKey).GetProperty(column)!;
            return (MemberBinding)Expression.Bind(member, Expression.Convert(Expression.Property(entry, column), member.PropertyType));
        });
        return Expression.Lambda<Func<LedgerEntry, CostKey>>(Expression.MemberInit(Expression.New(typeof(CostKey)), bindings), entry);
    }

    /// <summary>The column of a dimension is called the same in the ledger and in the key.</summary>
    private static string Column(CostDimension dimension) => dimension switch
    {
        CostDimension.Day => nameof(LedgerEntry.Day),
        CostDimension.Hour => nameof(LedgerEntry.Hour),
        CostDimension.Team => nameof(LedgerEntry.TeamId),
        CostDimension.Application => nameof(LedgerEntry.ApplicationId),
        CostDimension.Key => nameof(LedgerEntry.KeyId),
        CostDimension.Person => nameof(LedgerEntry.SubjectId),
        CostDimension.Provider => nameof(LedgerEntry.Provider),
        CostDimension.Model => nameof(LedgerEntry.Model),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "No such dimension."),
    };
}

/// <summary>A question has more answers than one reply should carry.</summary>
public sealed class TooManyGroupsException()
    : Exception($"The question has more than {CostQueries.MaxGroups} groups. Ask for a shorter period or fewer dimensions.");
