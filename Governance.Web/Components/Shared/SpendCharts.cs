using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Components.Shared;

/// <summary>Asks for what a chart draws and no more: the largest members by time, and all of them in one for the rest.</summary>
internal sealed class SpendCharts(CostQueries costs)
{
    /// <param name="actor">Who looks.</param>
    /// <param name="filter">Over what.</param>
    /// <param name="days">The days of the filter's range.</param>
    /// <param name="dimension">What to stack by.</param>
    /// <param name="members">The sums by that dimension, the highest cost first.</param>
    /// <param name="names">Names of its members.</param>
    /// <param name="all">The sums of all by <see cref="SpendChart.StepOf"/>, where they are known already.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<SpendChart> LoadAsync(
        Actor actor, CostFilter filter, DayRange days, CostDimension dimension, IReadOnlyList<CostSum> members, IReadOnlyDictionary<Guid, string> names,
        IReadOnlyList<CostSum>? all, CancellationToken cancellation)
    {
        var (step, largest) = (SpendChart.StepOf(days), SpendChart.Largest(members));
        var everyone = largest.Count == members.Count;
        var sums = costs.CostAsync(actor, everyone ? filter : filter with { Among = new CostMembers(dimension, largest) }, [step, dimension], cancellation);
        var rest = everyone ? null : all is null ? costs.CostAsync(actor, filter, [step], cancellation) : Task.FromResult(all);
        await Task.WhenAll(sums, rest ?? Task.CompletedTask);
        return SpendChart.Build(days, largest, await sums, rest is null ? null : await rest, dimension, names);
    }
}
