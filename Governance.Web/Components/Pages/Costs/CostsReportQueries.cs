using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Recurring;
using Governance.Infrastructure.Data;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Costs;

/// <summary>Gathers what the costs page and its CSV show.</summary>
internal sealed class CostsReportQueries(CostQueries costs, SpendCharts charts, ChargeQueries charges, CostNames names, TimeProvider time)
{
    public async Task<CostsReport> LoadAsync(
        Actor actor, ReportingZone zone, CostsQuestion question, bool withChart, CancellationToken cancellation)
    {
        var readAt = time.GetUtcNow();
        var (period, scope, by) = question;
        var filter = scope.Over(TimeRange.Of(period.Days, zone));
        var (nowAsked, beforeAsked) = (
            costs.SumAsync(actor, filter, [by], cancellation),
            period.Compare ? costs.SumAsync(actor, scope.Over(TimeRange.Of(period.Previous, zone)), [by], cancellation) : Task.FromResult<IReadOnlyList<CostSum>>([]));
        var (recurringAsked, chipsAsked) = (RecurringAsync(actor, question, cancellation), ChipsAsync(actor, scope, cancellation));
        await Task.WhenAll(nowAsked, beforeAsked, recurringAsked, chipsAsked);
        var (now, before, recurring, chips) = (await nowAsked, await beforeAsked, await recurringAsked, await chipsAsked);
        var labels = await names.LoadAsync(actor, by, now.Select(sum => sum.Key), cancellation);
        var earlier = before.ToDictionary(sum => sum.Key);
        var rows = now.Select(sum => new CostRow(CostNames.Label(by, sum.Key, labels), sum, earlier.GetValueOrDefault(sum.Key, CostSum.Zero))).ToList();
        var chart = withChart ? await charts.LoadAsync(actor, filter, period.Days, by, now, labels, all: null, cancellation) : null;
        return new CostsReport(rows, Total(now), Total(before), recurring, chart, chips, readAt);
    }

    /// <summary>A charge belongs to a provider and perhaps a team; of applications, keys, models and people it says nothing.</summary>
    private async Task<Money?> RecurringAsync(Actor actor, CostsQuestion question, CancellationToken cancellation)
    {
        var scope = question.Scope;
        if (scope != new CostScope { Team = scope.Team, Provider = scope.Provider }) return null;
        return await charges.TotalAsync(actor, question.Period.Days, scope.Team, scope.Provider, cancellation);
    }

    /// <summary>Names what the page is narrowed to.</summary>
    public async Task<IReadOnlyDictionary<CostDimension, string>> ChipsAsync(Actor actor, CostScope scope, CancellationToken cancellation)
    {
        var chips = new Dictionary<CostDimension, string>();
        var chosen = scope.ToKey();
        foreach (var dimension in CostDimensions.Choices.Where(scope.Has))
            chips[dimension] = CostNames.Label(dimension, chosen, await names.LoadAsync(actor, dimension, [chosen], cancellation));
        return chips;
    }

    private static CostSum Total(IEnumerable<CostSum> sums) => sums.Aggregate(CostSum.Zero, (left, right) => left + right);
}
