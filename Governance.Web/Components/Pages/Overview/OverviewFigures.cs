using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Overview;

/// <summary>What the overview shows.</summary>
/// <param name="Now">Totals of the period.</param>
/// <param name="Before">Totals of the period before.</param>
/// <param name="Month">Spend of today and of this month.</param>
/// <param name="Chart">Spend over time by model.</param>
/// <param name="Trends">The counts over time.</param>
/// <param name="Teams">Who spent most, by team.</param>
/// <param name="Applications">Who spent most, by application.</param>
/// <param name="Models">What was spent most on.</param>
/// <param name="ReadAt">How fresh all of this is.</param>
/// <param name="AnyCalls">Whether the organisation ever made a call.</param>
public sealed record OverviewFigures(
    CostSum Now,
    CostSum Before,
    MonthFigures Month,
    SpendChart Chart,
    Trends Trends,
    IReadOnlyList<RankedSum> Teams,
    IReadOnlyList<RankedSum> Applications,
    IReadOnlyList<RankedSum> Models,
    DateTimeOffset ReadAt,
    bool AnyCalls);

/// <param name="Today">Spend since midnight in the reporting zone.</param>
/// <param name="Yesterday">Spend of the whole day before.</param>
/// <param name="ToDate">Spend of this month.</param>
/// <param name="LastToDate">Spend of last month up to the same day.</param>
/// <param name="ByDay">Spend of each day of this month, in dollars.</param>
/// <param name="Sandbox">How many calls of this month the sandbox answered.</param>
public sealed record MonthFigures(Money Today, Money Yesterday, Money ToDate, Money LastToDate, IReadOnlyList<decimal> ByDay, long Sandbox);

/// <summary>Counts by bucket of the chart.</summary>
public sealed record Trends(IReadOnlyList<decimal> Requests, IReadOnlyList<decimal> Tokens, IReadOnlyList<decimal> Errors);

/// <summary>A member of a dimension in a list of the largest.</summary>
public sealed record RankedSum(string Name, CostSum Sum);
