using System.Linq.Expressions;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>Sums over the part of the ledger that an actor may read. Every figure on a page and in the API comes from here.</summary>
public sealed class CostQueries(AccessControl access, TimeProvider time)
{
    /// <summary>More groups than this are never returned; a narrower question is asked for instead.</summary>
    public const int MaxGroups = 20_000;

    /// <summary>One sum over everything; zero where there is nothing.</summary>
    public async Task<CostSum> TotalAsync(Actor actor, CostFilter filter, CancellationToken cancellation) =>
        (await SumAsync(actor, filter, [], cancellation))[0];

    /// <summary>
    /// Sums by a combination of dimensions; groups without entries are absent, and no dimension gives the one total. Months, days and hours
    /// ascend, then the highest cost comes first.
    /// </summary>
    /// <exception cref="TooManyGroupsException">There are more than <see cref="MaxGroups"/> groups.</exception>
    public Task<IReadOnlyList<CostSum>> SumAsync(Actor actor, CostFilter filter, IReadOnlyCollection<CostDimension> by, CancellationToken cancellation) =>
        SumAsync(actor, filter, by, costOnly: false, cancellation);

    /// <summary>The same of nothing but the cost, other figures are zero: half the work where there are many groups, as in charts.</summary>
    /// <inheritdoc cref="SumAsync(Actor,CostFilter,IReadOnlyCollection{CostDimension},CancellationToken)"/>
    public Task<IReadOnlyList<CostSum>> CostAsync(Actor actor, CostFilter filter, IReadOnlyCollection<CostDimension> by, CancellationToken cancellation) =>
        SumAsync(actor, filter, by, costOnly: true, cancellation);

    private async Task<IReadOnlyList<CostSum>> SumAsync(
        Actor actor, CostFilter filter, IReadOnlyCollection<CostDimension> by, bool costOnly, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.CostsRead, cancellation);

        // SQLite answers on the thread that asks: what a page asks together is answered together only on threads of its own.
        if (db.Database.IsSqlite()) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await db.Database.OpenConnectionAsync(cancellation); // Once for all that is asked.
        var sums = new Dictionary<CostKey, CostSum>();
        if (await db.Organizations.AsNoTracking().SingleOrDefaultAsync(cancellation) is { } organization)
        {
            var today = organization.Zone.DayOf(time.GetUtcNow());
            foreach (var source in CostSources.Of(db, filter, by, organization.Zone, today))
            {
                var found = await SumAsync(source, by, costOnly, cancellation);
                foreach (var sum in found) sums[sum.Key] = sums.TryGetValue(sum.Key, out var known) ? (known + sum) with { Key = sum.Key } : sum;
                if (found.Count > MaxGroups || sums.Count > MaxGroups) throw new TooManyGroupsException();
            }
        }

        if (by.Count == 0) return [sums.GetValueOrDefault(CostSum.Zero.Key, CostSum.Zero)];
        return
        [
            .. sums.Values
                .OrderBy(sum => sum.Key.Month)
                .ThenBy(sum => sum.Key.Day)
                .ThenBy(sum => sum.Key.Hour)
                .ThenByDescending(sum => sum.CostNanoUsd)
                .ThenByDescending(sum => sum.Requests),
        ];
    }

    private static Task<List<CostSum>> SumAsync(IQueryable<CostFact> facts, IReadOnlyCollection<CostDimension> by, bool costOnly, CancellationToken cancellation) =>
        by.Count == 0
            ? SumAsync(facts.GroupBy(fact => 1), _ => CostSum.Zero.Key, costOnly, cancellation)
            : SumAsync(facts.GroupBy(KeySelector(by)), key => InMonth(WithoutMember(key), by), costOnly, cancellation);

    private static async Task<List<CostSum>> SumAsync<TKey>(IQueryable<IGrouping<TKey, CostFact>> groups, Func<TKey, CostKey> key, bool costOnly, CancellationToken cancellation)
    {
        groups = groups.Where(group => group.Sum(fact => fact.Entries) != 0);
        if (costOnly)
        {
            var costs = await groups.Select(group => new { group.Key, Cost = group.Sum(fact => fact.Cost) }).Take(MaxGroups + 1).ToListAsync(cancellation);
            return costs.ConvertAll(sum => CostSum.Zero with { Key = key(sum.Key), CostNanoUsd = sum.Cost });
        }

        var sums = await groups
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
            .ToListAsync(cancellation);
        return sums.ConvertAll(sum => new CostSum(
            key(sum.Key), sum.Cost, sum.Requests, sum.Errors, sum.Prompt, sum.Cached, sum.Output, sum.Estimated, sum.Unpriced, sum.Sandbox, sum.CacheHits, sum.Saved));
    }

    /// <summary>What has no member is shown as such.</summary>
    private static CostKey WithoutMember(CostKey key)
    {
        if (key.TeamId == CostFact.None) key = key with { TeamId = null };
        if (key.ApplicationId == CostFact.None) key = key with { ApplicationId = null };
        if (key.KeyId == CostFact.None) key = key with { KeyId = null };
        return key.SubjectId == CostFact.None ? key with { SubjectId = null } : key;
    }

    /// <summary>The database tells months apart by days, of which some are added up here.</summary>
    private static CostKey InMonth(CostKey key, IReadOnlyCollection<CostDimension> by) =>
        by.Contains(CostDimension.Month) && key.Day is { } day ? key with { Month = new DateOnly(day.Year, day.Month, 1), Day = by.Contains(CostDimension.Day) ? day : null } : key;

    /// <summary>Builds <c>fact => new CostKey { … }</c> with just the members asked for, so that the database groups by nothing else.</summary>
    private static Expression<Func<CostFact, CostKey>> KeySelector(IReadOnlyCollection<CostDimension> by)
    {
        var fact = Expression.Parameter(typeof(CostFact), "fact");
        var bindings = by.Select(Column).Distinct().Select(column =>
        {
            var member = typeof(CostKey).GetProperty(column)!;
            return (MemberBinding)Expression.Bind(member, Expression.Convert(Expression.Property(fact, column), member.PropertyType));
        });
        return Expression.Lambda<Func<CostFact, CostKey>>(Expression.MemberInit(Expression.New(typeof(CostKey)), bindings), fact);
    }

    /// <summary>The column of a dimension is called the same in a fact and in the key.</summary>
    private static string Column(CostDimension dimension) => dimension switch
    {
        CostDimension.Day or CostDimension.Month => nameof(CostFact.Day),
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
