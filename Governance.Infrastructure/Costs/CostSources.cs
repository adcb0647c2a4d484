using Governance.Domain.Organizations;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Costs;

/// <summary>
/// Where the answer to a question lies: whole months and days in rollups, the hours of the last day in theirs, and what is left at the edges in the
/// entries themselves. The parts do not overlap and leave nothing out, so their sums are the answer, exactly.
/// </summary>
internal static class CostSources
{
    /// <summary>No call is before or after these; beyond them there is no calendar to reckon with.</summary>
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CostDimension[] Fine = [CostDimension.Application, CostDimension.Key, CostDimension.Person];

    public static IEnumerable<IQueryable<CostFact>> Of(GovernanceDbContext db, CostFilter filter, IReadOnlyCollection<CostDimension> by, ReportingZone zone)
    {
        var fine = db.IsNarrowed || filter.ApplicationId is not null || filter.KeyId is not null || filter.SubjectId is not null || by.Any(Fine.Contains);
        var hourly = by.Contains(CostDimension.Hour);
        var (from, to) = Bounded(filter.Range);
        var first = zone.StartOf(zone.DayOf(from)) == from ? zone.DayOf(from) : zone.DayOf(from).AddDays(1);
        var end = zone.DayOf(to);
        if (first >= end || (hourly && fine)) return [Entries(new TimeRange(from, to))];

        var sources = new List<IQueryable<CostFact>>();
        if (from < zone.StartOf(first)) sources.Add(Entries(new TimeRange(from, zone.StartOf(first))));
        if (hourly) sources.Add(Rollups(RollupGrain.Hour, first, end));
        else AddDays(first, end);
        AddLastDay();
        return sources;

        void AddDays(DateOnly start, DateOnly stop)
        {
            var (day, month) = fine ? (RollupGrain.DayDetail, RollupGrain.MonthDetail) : (RollupGrain.Day, RollupGrain.Month);
            var firstMonth = start.Day == 1 ? start : new DateOnly(start.Year, start.Month, 1).AddMonths(1);
            var endMonth = new DateOnly(stop.Year, stop.Month, 1);
            if (by.Contains(CostDimension.Day) || firstMonth >= endMonth)
            {
                sources.Add(Rollups(day, start, stop));
                return;
            }

            if (start < firstMonth) sources.Add(Rollups(day, start, firstMonth));
            sources.Add(Rollups(month, firstMonth, endMonth));
            if (endMonth < stop) sources.Add(Rollups(day, endMonth, stop));
        }

        void AddLastDay()
        {
            var start = zone.StartOf(end);
            if (start == to) return;
            var hour = zone.ToLocal(to).Hour;
            if (fine || to - start > TimeSpan.FromHours(26))
            {
                sources.Add(Entries(new TimeRange(start, to)));
                return;
            }

            // Whole hours, then what began in the last one. Where clocks go back an hour comes twice; both are in its rollup, so both are looked through.
            if (hour > 0) sources.Add(Rollups(RollupGrain.Hour, end, end.AddDays(1), hour));
            var begun = to.AddHours(-3);
            sources.Add(filter.Matching(CostFilter.Within(db, new TimeRange(begun > start ? begun : start, to)).Where(entry => entry.Day == end && entry.Hour == hour).Select(CostFact.OfEntry)));
        }

        static TimeRange Bounded(TimeRange range) => new(range.From > Earliest ? range.From : Earliest, range.To < Latest ? range.To : Latest);

        IQueryable<CostFact> Entries(TimeRange range) => filter.Matching(CostFilter.Within(db, range).Select(CostFact.OfEntry));

        IQueryable<CostFact> Rollups(RollupGrain grain, DateOnly start, DateOnly stop, int hours = 24)
        {
            var rollups = db.CostRollups.Where(rollup => rollup.Grain == grain && rollup.Day >= start && rollup.Day < stop);
            if (hours < 24) rollups = rollups.Where(rollup => rollup.Hour < hours);
            var dimensionless = !db.IsNarrowed && !filter.HasDimensions && by.All(dimension => dimension is CostDimension.Day or CostDimension.Hour);
            return dimensionless ? CostFact.Of(rollups) : filter.Matching(CostFact.Of(db, rollups));
        }
    }
}
