using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Costs;

public sealed class CostQueriesTests : ProductTest
{
    private static readonly DateOnly First = new(2026, 10, 20);
    private static readonly DateOnly Last = First.AddDays(11); // over the end of summer time

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
