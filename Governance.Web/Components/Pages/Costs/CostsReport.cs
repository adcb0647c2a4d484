using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Costs;

/// <summary>What the costs page asks; it stands in its URL.</summary>
public sealed record CostsQuestion(PeriodChoice Period, CostScope Scope, CostDimension By);

/// <summary>Costs of a period by the members of one dimension.</summary>
/// <param name="Rows">One row a member, the most expensive first.</param>
/// <param name="Now">The sum of all rows.</param>
/// <param name="Before">The sum of the period before.</param>
/// <param name="Recurring">What the period's days bear of recurring charges; none where a filter is set that they know nothing of.</param>
/// <param name="Chart">The same over time; none where it was not asked for.</param>
/// <param name="Chips">The names of what the page is narrowed to.</param>
/// <param name="ReadAt">How fresh it is.</param>
public sealed record CostsReport(
    IReadOnlyList<CostRow> Rows, CostSum Now, CostSum Before, Money? Recurring, SpendChart? Chart, IReadOnlyDictionary<CostDimension, string> Chips,
    DateTimeOffset ReadAt);

/// <summary>A member of the dimension: its figures now and in the period before.</summary>
public sealed record CostRow(string Name, CostSum Now, CostSum Before)
{
    public Money Average => Mean(Now);

    public static Money Mean(CostSum sum) => sum.Requests == 0 ? Money.Zero : new Money(sum.CostNanoUsd / sum.Requests);
}

public static class CostDimensions
{
    /// <summary>The dimensions a person can choose, in the order of the tabs.</summary>
    public static IReadOnlyList<CostDimension> Choices { get; } =
        [CostDimension.Team, CostDimension.Application, CostDimension.Key, CostDimension.Model, CostDimension.Provider, CostDimension.Person];

    public static CostDimension Parse(string? slug) => Choices.FirstOrDefault(dimension => Links.Slug(dimension) == slug, CostDimension.Team);

    public static string Name(CostDimension dimension) => dimension switch
    {
        CostDimension.Application => "Application",
        CostDimension.Key => "Key",
        CostDimension.Model => "Model",
        CostDimension.Provider => "Provider",
        CostDimension.Person => "Person",
        _ => "Team",
    };
}
