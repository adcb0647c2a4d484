using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Overview;

/// <summary>Gathers what the overview shows, in one go, so that its figures belong together.</summary>
internal sealed class OverviewQueries(CostQueries costs, CostNames names, RequestQueries requests, TimeProvider time)
{
    private const int Top = 6;

    public async Task<OverviewFigures> LoadAsync(Viewer viewer, PeriodChoice period, CancellationToken cancellation)
    {
        var readAt = time.GetUtcNow();
        var (actor, days) = (viewer.Actor, period.Days);
        var filter = Filter(viewer, days);
        var byModel = costs.SumAsync(actor, filter, [SpendChart.StepOf(days), CostDimension.Model], cancellation);
        var before = period.Compare ? costs.TotalAsync(actor, Filter(viewer, period.Previous), cancellation) : Task.FromResult(CostSum.Zero);
        var month = MonthAsync(viewer, cancellation);
        var teams = TopAsync(actor, filter, CostDimension.Team, cancellation);
        var applications = TopAsync(actor, filter, CostDimension.Application, cancellation);
        await Task.WhenAll(byModel, before, month, teams, applications);

        var sums = await byModel;
        var now = Total(sums);
        var chart = SpendChart.Build(days, sums, CostDimension.Model, new Dictionary<Guid, string>());
        var trends = new Trends(
            Counts(chart, sums, sum => sum.Requests), Counts(chart, sums, sum => sum.Tokens), Counts(chart, sums, sum => sum.Errors));
        var models = sums.GroupBy(sum => sum.Key.Model)
            .Select(model => new RankedSum(model.Key ?? CostNames.Unattributed, Total(model) with { Key = new CostKey { Model = model.Key } }))
            .OrderByDescending(ranked => ranked.Sum.CostNanoUsd).ThenByDescending(ranked => ranked.Sum.Requests)
            .Take(Top).ToList();
        var anyCalls = now.Requests > 0 || await AnyCallsAsync(actor, cancellation);
        return new OverviewFigures(now, await before, await month, chart, trends, await teams, await applications, models, readAt, anyCalls);
    }

    private async Task<MonthFigures> MonthAsync(Viewer viewer, CancellationToken cancellation)
    {
        var today = viewer.Today;
        var thisMonth = DayRange.MonthToDate(today);
        var lastMonth = thisMonth.Previous();
        var sums = (await costs.SumAsync(
                viewer.Actor, Filter(viewer, new DayRange(lastMonth.From, today)), [CostDimension.Day], cancellation))
            .ToDictionary(sum => sum.Key.Day ?? today);
        return new MonthFigures(
            Spend(new DayRange(today, today)),
            Spend(new DayRange(today.AddDays(-1), today.AddDays(-1))),
            Spend(thisMonth),
            Spend(lastMonth),
            [.. thisMonth.EachDay().Select(day => Of(day).Cost.Dollars)],
            thisMonth.EachDay().Sum(day => Of(day).Sandbox));

        CostSum Of(DateOnly day) => sums.GetValueOrDefault(day, CostSum.Zero);

        Money Spend(DayRange range) => new(range.EachDay().Sum(day => Of(day).CostNanoUsd));
    }

    private async Task<IReadOnlyList<RankedSum>> TopAsync(Actor actor, CostFilter filter, CostDimension dimension, CancellationToken cancellation)
    {
        var sums = await costs.SumAsync(actor, filter, [dimension], cancellation);
        var labels = await names.LoadAsync(actor, dimension, cancellation);
        return [.. sums.Take(Top).Select(sum => new RankedSum(CostNames.Label(dimension, sum.Key, labels), sum))];
    }

    private async Task<bool> AnyCallsAsync(Actor actor, CancellationToken cancellation)
    {
        var everything = new RequestFilter(new TimeRange(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        return (await requests.ListAsync(actor, everything, null, 1, cancellation)).Items.Count > 0;
    }

    private static CostFilter Filter(Viewer viewer, DayRange days) => new(TimeRange.Of(days, viewer.ReportingZone));

    private static CostSum Total(IEnumerable<CostSum> sums) => sums.Aggregate(CostSum.Zero, (left, right) => left + right);

    private static IReadOnlyList<decimal> Counts(SpendChart chart, IEnumerable<CostSum> sums, Func<CostSum, long> figure) =>
        [.. SpendChart.Spread(chart.Buckets, sums, figure).Select(count => (decimal)count)];
}
