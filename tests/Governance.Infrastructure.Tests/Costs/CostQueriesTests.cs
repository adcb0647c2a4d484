using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Governance.Infrastructure.Tests.Costs;

public sealed class CostQueriesTests : ProductTest
{
    private static readonly DateOnly First = new(2026, 10, 23);
    private static readonly DateOnly Last = First.AddDays(11); // over the end of summer time, and of a month

    private List<LedgerEntry> _rows = [];

    [Fact]
    public async Task SumAsync_EveryOneAndTwoDimensions_EqualsTheSumOfTheRows()
    {
        await FillAsync();
        var dimensions = Enum.GetValues<CostDimension>();
        foreach (var by in dimensions.SelectMany(first => dimensions.Select(second => new[] { first, second })).Append([]))
        {
            var sums = await Get<CostQueries>().SumAsync(Tenant.Admin, new CostFilter(Range), by, default);
            var expected = _rows.GroupBy(row => Key(row, by)).ToDictionary(group => group.Key, group => Sum(group.Key, group));
            Assert.Equal(expected.Count, sums.Count);
            Assert.All(sums, sum => Assert.Equal(expected[sum.Key], sum));
        }
    }

    [Fact]
    public async Task TotalAsync_WholeRange_EqualsTheSumOfEveryDimension()
    {
        await FillAsync();
        var total = await Get<CostQueries>().TotalAsync(Tenant.Admin, new CostFilter(Range), default);
        Assert.Equal(Sum(new CostKey(), _rows), total);
        foreach (var dimension in Enum.GetValues<CostDimension>())
        {
            var sums = await Get<CostQueries>().SumAsync(Tenant.Admin, new CostFilter(Range), [dimension], default);
            Assert.Equal((total.CostNanoUsd, total.Requests, total.Tokens), (sums.Sum(sum => sum.CostNanoUsd), sums.Sum(sum => sum.Requests), sums.Sum(sum => sum.Tokens)));
        }
    }

    [Fact]
    public async Task SumAsync_OneDayAsRange_IsThatDaysSum()
    {
        await FillAsync();
        var byDay = (await Get<CostQueries>().SumAsync(Tenant.Admin, new CostFilter(Range), [CostDimension.Day], default)).ToDictionary(sum => sum.Key.Day!.Value);
        foreach (var day in new DayRange(First, Last).EachDay())
        {
            var range = TimeRange.Of(new DayRange(day, day), Tenant.Organization.Zone);
            var total = await Get<CostQueries>().TotalAsync(Tenant.Admin, new CostFilter(range), default);
            Assert.Equal(byDay.GetValueOrDefault(day)?.CostNanoUsd ?? 0, total.CostNanoUsd);
            Assert.Equal(byDay.GetValueOrDefault(day)?.Requests ?? 0, total.Requests);
        }

        Assert.Equal(byDay.Keys.Order(), byDay.Keys);
    }

    [Fact]
    public async Task TotalAsync_Filters_KeepJustTheirRows()
    {
        await FillAsync();
        var row = _rows.First(row => row.SubjectId is not null);
        await AssertFilterAsync(new CostFilter(Range) { TeamId = row.TeamId }, other => other.TeamId == row.TeamId);
        await AssertFilterAsync(new CostFilter(Range) { ApplicationId = row.ApplicationId }, other => other.ApplicationId == row.ApplicationId);
        await AssertFilterAsync(new CostFilter(Range) { KeyId = row.KeyId }, other => other.KeyId == row.KeyId);
        await AssertFilterAsync(new CostFilter(Range) { SubjectId = row.SubjectId }, other => other.SubjectId == row.SubjectId);
        await AssertFilterAsync(new CostFilter(Range) { Provider = row.Provider, Model = row.Model }, other => other.Provider == row.Provider && other.Model == row.Model);
    }

    [Fact]
    public async Task TotalAsync_AmongSomeMembers_KeepsJustTheirRows()
    {
        await FillAsync();
        var row = _rows.First(row => row.SubjectId is not null);
        await AssertFilterAsync(Among(CostDimension.Team, new CostKey { TeamId = row.TeamId }), other => other.TeamId == row.TeamId);
        await AssertFilterAsync(Among(CostDimension.Application, new CostKey { ApplicationId = row.ApplicationId }), other => other.ApplicationId == row.ApplicationId);
        await AssertFilterAsync(Among(CostDimension.Key, new CostKey { KeyId = row.KeyId }), other => other.KeyId == row.KeyId);
        await AssertFilterAsync(Among(CostDimension.Provider, new CostKey { Provider = row.Provider }), other => other.Provider == row.Provider);
        await AssertFilterAsync(Among(CostDimension.Model, new CostKey { Model = row.Model }, new CostKey { Model = "gpt-5" }), other => other.Model == row.Model || other.Model == "gpt-5");
        await AssertFilterAsync(
            Among(CostDimension.Person, new CostKey(), new CostKey { SubjectId = row.SubjectId }), other => other.SubjectId is null || other.SubjectId == row.SubjectId);

        CostFilter Among(CostDimension dimension, params CostKey[] keys) => new(Range) { Among = new CostMembers(dimension, keys) };
    }

    [Fact]
    public async Task SumAsync_AnyDimensionsFiltersRangeAndReach_EqualsTheSumOfTheRows()
    {
        await FillAsync();
        var random = new Random(11);
        var lead = Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, "lead@example.org", "correct horse battery", Roles.TeamLead, AccessScope.Team(Tenant.Application.TeamId)));
        var zone = Tenant.Organization.Zone;
        for (var i = 0; i < TestScale.Cases(80, 4_000); i++)
        {
            var narrowed = random.Next(3) == 0;
            var (by, row) = (Some(Enum.GetValues<CostDimension>()), _rows[random.Next(_rows.Count)]);
            var range = new TimeRange(Edge(random.Next(60)), Edge(30 + random.Next(60)));
            var (filter, matches) = Narrow(new CostFilter(range), row, Some(Members));
            var expected = _rows
                .Where(other => other.StartedAt >= range.From && other.StartedAt < range.To && matches(other) && (!narrowed || other.TeamId == Tenant.Application.TeamId))
                .GroupBy(other => Key(other, by)).ToDictionary(group => group.Key, group => Sum(group.Key, group));
            if (by.Length == 0 && expected.Count == 0) expected[new CostKey()] = CostSum.Zero;
            var (actor, query) = (narrowed ? lead : Tenant.Admin, Get<CostQueries>());
            var sums = await query.SumAsync(actor, filter, by, default);
            Assert.Equal(expected.Count, sums.Count);
            Assert.All(sums, sum => Assert.Equal(expected[sum.Key], sum));
            var costs = await query.CostAsync(actor, filter, by, default);
            Assert.Equal(sums.ToDictionary(sum => sum.Key, sum => sum.CostNanoUsd), costs.ToDictionary(sum => sum.Key, sum => sum.CostNanoUsd));
            Assert.Equal(sums.Select(Place), costs.Select(Place)); // Of equal costs either may come first.
        }

        static (DateOnly?, DateOnly?, int?, long) Place(CostSum sum) => (sum.Key.Month, sum.Key.Day, sum.Key.Hour, sum.CostNanoUsd);

        // Mostly midnights, as pages ask; from before the month of the first call to after that of the last.
        DateTimeOffset Edge(int day) => zone.StartOf(new DateOnly(2026, 9, 15).AddDays(day)).AddMinutes(random.Next(4) == 0 ? random.Next(2_000) : 0);

        T[] Some<T>(IEnumerable<T> all) => [.. all.Where(_ => random.Next(4) == 0)];
    }

    [Fact]
    public async Task SumAsync_ByMonthOverAllTime_EqualsTheSumOfTheRows()
    {
        await FillAsync();
        var always = new CostFilter(new TimeRange(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        CostDimension[][] questions = [[CostDimension.Month], [CostDimension.Month, CostDimension.Hour], [CostDimension.Month, CostDimension.Hour, CostDimension.Key]];
        foreach (var by in questions)
        {
            var expected = _rows.GroupBy(row => Key(row, by)).ToDictionary(group => group.Key, group => Sum(group.Key, group));
            var sums = await Get<CostQueries>().SumAsync(Tenant.Admin, always, by, default);
            Assert.Equal(expected.Count, sums.Count);
            Assert.All(sums, sum => Assert.Equal(expected[sum.Key], sum));
        }
    }

    private static readonly CostDimension[] Members =
        [CostDimension.Team, CostDimension.Application, CostDimension.Key, CostDimension.Person, CostDimension.Provider, CostDimension.Model];

    private static (CostFilter Filter, Func<LedgerEntry, bool> Matches) Narrow(CostFilter filter, LedgerEntry row, IReadOnlyList<CostDimension> members)
    {
        Func<LedgerEntry, bool> matches = _ => true;
        foreach (var member in members)
        {
            var (outer, key) = (matches, Key(row, [member]));
            matches = other => outer(other) && Key(other, [member]) == key;
            filter = member switch
            {
                CostDimension.Team => filter with { TeamId = row.TeamId },
                CostDimension.Application => filter with { Among = new CostMembers(member, [key, new CostKey { ApplicationId = Guid.CreateVersion7() }]) },
                CostDimension.Key => filter with { KeyId = row.KeyId },
                CostDimension.Person when row.SubjectId is null => filter with { Among = new CostMembers(member, [key]), ApplicationId = members.Contains(CostDimension.Application) ? row.ApplicationId : null },
                CostDimension.Person => filter with { SubjectId = row.SubjectId },
                CostDimension.Provider => filter with { Provider = row.Provider },
                _ => filter with { Model = row.Model },
            };
        }

        return (filter, matches);
    }

    [Fact]
    public async Task RebuildAsync_OfABookedLedger_MakesWhatItAddsUpTo()
    {
        await FillAsync();
        Assert.Empty((await Get<LedgerProof>().ProveAsync(Tenant.Id, default)).Differences);
        var booked = await RowsAsync<CostRollup>();
        Assert.Equal(_rows.Count, await Get<LedgerProof>().RebuildAsync(Tenant.Id, default));
        var proof = await Get<LedgerProof>().ProveAsync(Tenant.Id, default);
        Assert.Empty(proof.Differences);
        Assert.Equal((booked.Count, _rows.Count), (proof.Rollups, (int)proof.Entries));
    }

    /// <summary>Down and up again: an older database is what the way down makes.</summary>
    [Fact]
    public async Task Migration_RollupsOfWhatHasNoMember_AreToldApartFromWhatAShapeDoesNotKeep()
    {
        await FillAsync();
        Assert.Contains(await RowsAsync<CostRollup>(), rollup => rollup.Shape == RollupShape.Person && rollup.SubjectId == CostFact.None);
        await using var owner = Process.Database.AsOwner();
        var migrations = owner.Database.GetMigrations().ToList();
        var migrator = owner.GetService<IMigrator>();
        await migrator.MigrateAsync(migrations[migrations.FindIndex(name => name.EndsWith("_RollupsWithoutMember", StringComparison.Ordinal)) - 1]);
        Assert.DoesNotContain(await RowsAsync<CostRollup>(), rollup => rollup.SubjectId == CostFact.None);

        await migrator.MigrateAsync();
        Assert.Empty((await Get<LedgerProof>().ProveAsync(Tenant.Id, default)).Differences);
    }

    private TimeRange Range => TimeRange.Of(new DayRange(First, Last), Tenant.Organization.Zone);

    private async Task FillAsync()
    {
        await RandomLedger.FillAsync(Process, Tenant, First.AddDays(1), days: 9, calls: TestScale.Cases(400, 20_000), seed: 7);
        _rows = await RowsAsync<LedgerEntry>();
        Assert.Contains(_rows, row => row.RequestCount == 0);
        Assert.Contains(_rows, row => row.SavedNanoUsd > 0);
        Assert.All(_rows, row => Assert.InRange(row.Day, First, Last));
    }

    private async Task AssertFilterAsync(CostFilter filter, Func<LedgerEntry, bool> expected) =>
        Assert.Equal(Sum(new CostKey(), _rows.Where(expected)), await Get<CostQueries>().TotalAsync(Tenant.Admin, filter, default));

    private static CostKey Key(LedgerEntry row, CostDimension[] by) => new()
    {
        Day = by.Contains(CostDimension.Day) ? row.Day : null,
        Hour = by.Contains(CostDimension.Hour) ? row.Hour : null,
        Month = by.Contains(CostDimension.Month) ? new DateOnly(row.Day.Year, row.Day.Month, 1) : null,
        TeamId = by.Contains(CostDimension.Team) ? row.TeamId : null,
        ApplicationId = by.Contains(CostDimension.Application) ? row.ApplicationId : null,
        KeyId = by.Contains(CostDimension.Key) ? row.KeyId : null,
        SubjectId = by.Contains(CostDimension.Person) ? row.SubjectId : null,
        Provider = by.Contains(CostDimension.Provider) ? row.Provider : null,
        Model = by.Contains(CostDimension.Model) ? row.Model : null,
    };

    private static CostSum Sum(CostKey key, IEnumerable<LedgerEntry> rows)
    {
        var all = rows.ToList();
        return new CostSum(
            key,
            all.Sum(row => row.CostNanoUsd),
            all.Sum(row => row.RequestCount),
            all.Where(row => row.Outcome != CallOutcome.Succeeded).Sum(row => row.RequestCount),
            all.Sum(row => row.Usage.Prompt),
            all.Sum(row => row.CachedInputTokens),
            all.Sum(row => row.Usage.Completion),
            all.Where(row => row.Provenance == Provenance.Estimated).Sum(row => row.RequestCount),
            all.Where(row => row.Unpriced).Sum(row => row.RequestCount),
            all.Where(row => row.Connection == "sandbox").Sum(row => row.RequestCount),
            all.Count(row => row.SavedNanoUsd is not null),
            all.Sum(row => row.SavedNanoUsd ?? 0));
    }
}
