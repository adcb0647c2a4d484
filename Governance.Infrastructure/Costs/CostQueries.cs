using System.Linq.Expressions;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>Sums over the part of the ledger that an actor may read. Every figure on a page and in the API comes from here.</summary>
public sealed class CostQueries(AccessControl access)
{
    /// <summary>More groups than this are never returned; a narrower question is asked for instead.</summary>
    public const int MaxGroups = 20_000;

    /// <summary>One sum over everything; zero where there is nothing.</summary>
    public async Task<CostSum> TotalAsync(Actor actor, CostFilter filter, CancellationToken cancellation) =>
        (await SumAsync(actor, filter, [CostDimension.Day], cancellation)).Aggregate(CostSum.Zero, (total, sum) => total + sum);

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
        if (await db.Organizations.AsNoTracking().SingleOrDefaultAsync(cancellation) is not { } organization) return [];
        var sums = new Dictionary<CostKey, CostSum>();
        foreach (var source in CostSources.Of(db, filter, by, organization.Zone))
        {
            foreach (var sum in await SumAsync(source, by, cancellation))
                sums[sum.Key] = sums.TryGetValue(sum.Key, out var known) ? (known + sum) with { Key = sum.Key } : sum;
            if (sums.Count > MaxGroups) throw new TooManyGroupsException();
        }

        return
        [
            .. sums.Values
                .OrderBy(sum => sum.Key.Day)
                .ThenBy(sum => sum.Key.Hour)
                .ThenByDescending(sum => sum.CostNanoUsd)
                .ThenByDescending(sum => sum.Requests),
        ];
    }

    private static async Task<IEnumerable<CostSum>> SumAsync(IQueryable<CostFact> facts, IReadOnlyCollection<CostDimension> by, CancellationToken cancellation) =>
        (await facts.GroupBy(KeySelector(by))
            .Select(group => new
            {
                group.Key,
                Cost = group.Sum(fact => fact.Cost),
                Requests = group.Sum(fact => fact.Requests),
                Errors = group.Sum(fact => fact.Errors),
                Prompt = group.Sum(fact => fact.Prompt),
                Cached = group.Sum(fact => fact.Cached),
                Output = group.Sum(fact => fact.Output),
                Estimated = group.Sum(fact => fact.Estimated),
                Unpriced = group.Sum(fact => fact.Unpriced),
                Sandbox = group.Sum(fact => fact.Sandbox),
                CacheHits = group.Sum(fact => fact.CacheHits),
                Saved = group.Sum(fact => fact.Saved),
            })
            .Take(MaxGroups + 1)
            .ToListAsync(cancellation))
        .Select(sum => new CostSum(sum.Key, sum.Cost, sum.Requests, sum.Errors, sum.Prompt, sum.Cached, sum.Output, sum.Estimated, sum.Unpriced, sum.Sandbox, sum.CacheHits, sum.Saved));

    /// <summary>Builds <c>fact => new CostKey { … }</c> with just the members asked for, so that the database groups by nothing else.</summary>
    private static Expression<Func<CostFact, CostKey>> KeySelector(IReadOnlyCollection<CostDimension> by)
    {
        var fact = Expression.Parameter(typeof(CostFact), "fact");
        var bindings = by.Distinct().Select(dimension =>
        {
            var column = Column(dimension);
            var member = typeof(CostKey).GetProperty(column)!;
            return (MemberBinding)Expression.Bind(member, Expression.Convert(Expression.Property(fact, column), member.PropertyType));
        });
        return Expression.Lambda<Func<CostFact, CostKey>>(Expression.MemberInit(Expression.New(typeof(CostKey)), bindings), fact);
    }

    /// <summary>The column of a dimension is called the same in a fact and in the key.</summary>
    private static string Column(CostDimension dimension) => dimension switch
    {
        CostDimension.Day => nameof(CostFact.Day),
        CostDimension.Hour => nameof(CostFact.Hour),
        CostDimension.Team => nameof(CostFact.TeamId),
        CostDimension.Application => nameof(CostFact.ApplicationId),
        CostDimension.Key => nameof(CostFact.KeyId),
        CostDimension.Person => nameof(CostFact.SubjectId),
        CostDimension.Provider => nameof(CostFact.Provider),
        CostDimension.Model => nameof(CostFact.Model),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "No such dimension."),
    };
}

/// <summary>A question has more answers than one reply should carry.</summary>
public sealed class TooManyGroupsException()
    : Exception($"The question has more than {CostQueries.MaxGroups} groups. Ask for a shorter period or fewer dimensions.");
