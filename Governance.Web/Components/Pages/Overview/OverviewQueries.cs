using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Overview;

/// <summary>Gathers what the overview shows, in one go, so that its figures belong together.</summary>
internal sealed class OverviewQueries(CostQueries costs, SpendCharts charts, CostNames names, RequestQueries requests, TimeProvider time)
{
    private const int Top = 6;

    public async Task<OverviewFigures> LoadAsync(Viewer viewer, PeriodChoice period, CancellationToken cancellation)
    {
        var readAt = time.GetUtcNow();
        var (actor, days) = (viewer.Actor, period.Days);
        var filter = Filter(viewer, days);
        var overTime = costs.SumAsync(actor, filter, [SpendChart.StepOf(days)], cancellation);
        var byModel = costs.SumAsync(actor, filter, [CostDimension.Model], cancellation);
        var before = period.Compare ? costs.TotalAsync(actor, Filter(viewer, period.Previous), cancellation) : Task.FromResult(CostSum.Zero);
        var month = MonthAsync(viewer, cancellation);
        var places = costs.SumAsync(actor, filter, [CostDimension.Team, CostDimension.Application], cancellation);
        await Task.WhenAll(overTime, byModel, before, month, places);

        var sums = await overTime;
        var now = Total(sums);
        var unnamed = new Dictionary<Guid, string>();
        var chart = await charts.LoadAsync(actor, filter, days, CostDimension.Model, await byModel, unnamed, sums, cancellation);
        var trends = new Trends(
            Counts(chart, sums, sum => sum.Requests), Counts(chart, sums, sum => sum.Tokens), Counts(chart, sums, sum => sum.Errors));
        var models = (await byModel).Take(Top).Select(sum => new RankedSum(CostNames.Label(CostDimension.Model, sum.Key, unnamed), sum)).ToList();
        var anyCalls = now.Requests > 0 || await AnyCallsAsync(actor, cancellation);
        var teams = await TopAsync(actor, CostDimension.Team, await places, key => new CostKey { TeamId = key.TeamId }, cancellation);
        var applications = await TopAsync(actor, CostDimension.Application, await places, key => new CostKey { ApplicationId = key.ApplicationId }, cancellation);
        return new OverviewFigures(now, await before, await month, chart, trends, teams, applications, models, readAt, anyCalls);
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

    private async Task<IReadOnlyList<RankedSum>> TopAsync(Actor actor, CostDimension dimension, IReadOnlyList<CostSum> places, Func<CostKey, CostKey> member, CancellationToken cancellation)
    {
        var sums = places.GroupBy(sum => member(sum.Key)).Select(group => Total(group) with { Key = group.Key })
            .OrderByDescending(sum => sum.CostNanoUsd).ThenByDescending(sum => sum.Requests).Take(Top).ToList();
        var labels = await names.LoadAsync(actor, dimension, cancellation);
        return [.. sums.Select(sum => new RankedSum(CostNames.Label(dimension, sum.Key, labels), sum))];
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
