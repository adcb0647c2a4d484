using System.Linq.Expressions;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Costs;

/// <summary>
/// Where the answer to a question lies: whole months and days in rollups, the hours of the last day in theirs, and what is left at the edges in the
/// entries themselves. The parts neither overlap nor leave anything out, so their sums are the answer, exactly; where fewer days are left out of a
/// month than there are in it, they are taken away from the whole of it.
/// </summary>
internal sealed class CostSources
{
    /// <summary>No call is before or after these; beyond them there is no calendar to reckon with.</summary>
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly GovernanceDbContext _db;
    private readonly CostFilter _filter;
    private readonly List<CostDimension> _dimensions;
    private readonly ReportingZone _zone;
    private readonly DateOnly _today;
    private readonly bool _monthly;
    private readonly List<IQueryable<CostFact>> _entries = [], _rollups = [];

    private CostSources(GovernanceDbContext db, CostFilter filter, IEnumerable<CostDimension> by, ReportingZone zone, DateOnly today)
    {
        (_db, _filter, _zone, _today) = (db, filter, zone, today);
        _monthly = by.Contains(CostDimension.Month) && !by.Contains(CostDimension.Day);
        _dimensions = [.. by.Where(dimension => dimension is not (CostDimension.Day or CostDimension.Hour or CostDimension.Month)), .. filter.Dimensions];
        if (db.IsNarrowed) _dimensions.AddRange([CostDimension.Team, CostDimension.Application]);
    }

    /// <param name="db">What the reader may see.</param>
    /// <param name="filter">What is asked about.</param>
    /// <param name="by">What is told apart.</param>
    /// <param name="zone">What a day is.</param>
    /// <param name="today">After it there is hardly anything to read.</param>
    public static IReadOnlyList<IQueryable<CostFact>> Of(
        GovernanceDbContext db, CostFilter filter, IReadOnlyCollection<CostDimension> by, ReportingZone zone, DateOnly today)
    {
        var sources = new CostSources(db, filter, by, zone, today);
        sources.Add(by.Contains(CostDimension.Day), by.Contains(CostDimension.Hour));

        // What rollups say is one question, so that all of it is as of the same moment.
        return sources._rollups.Count == 0 ? sources._entries : [.. sources._entries, sources._rollups.Aggregate((left, right) => left.Concat(right))];
    }

    private void Add(bool daily, bool hourly)
    {
        var (from, to) = Bounded(_filter.Range);
        var first = _zone.StartOf(_zone.DayOf(from)) == from ? _zone.DayOf(from) : _zone.DayOf(from).AddDays(1);
        var end = _zone.DayOf(to);
        if (first >= end || (hourly && RollupShapes.Of(_dimensions, RollupGrain.Hour) is null))
        {
            AddEntries(new TimeRange(from, to));
            return;
        }

        if (from < _zone.StartOf(first)) AddEntries(new TimeRange(from, _zone.StartOf(first)));
        if (hourly) AddRollups(RollupShapes.Of(_dimensions, RollupGrain.Hour)!.Value, RollupGrain.Hour, first, end);
        else if (daily) AddRollups(RollupShapes.Of(_dimensions, RollupGrain.Day)!.Value, RollupGrain.Day, first, end);
        else AddDays(RollupShapes.Of(_dimensions, RollupGrain.Day, RollupGrain.Month)!.Value, first, end);
        AddLastDay(end, to);
    }

    private void AddDays(RollupShape shape, DateOnly start, DateOnly stop)
    {
        // 1. All in one month: its days, or the month without the others.
        var (firstMonth, endMonth) = (MonthOf(start), stop.Day == 1 ? stop : MonthOf(stop).AddMonths(1));
        var wholeFirst = Days(firstMonth, start) < Days(start, firstMonth.AddMonths(1));
        var wholeLast = Days(stop, endMonth) < Days(endMonth.AddMonths(-1), stop);
        if (firstMonth.AddMonths(1) == endMonth) wholeFirst = wholeLast = Days(firstMonth, start) + Days(stop, endMonth) < Days(start, stop);

        // 2. Whole months, and the days of the first and the last that are not among them, or too many in them.
        var (monthsFrom, monthsTo) = (wholeFirst ? firstMonth : firstMonth.AddMonths(1), wholeLast ? endMonth : endMonth.AddMonths(-1));
        if (monthsFrom > monthsTo)
        {
            var next = _monthly && firstMonth.AddMonths(1) < stop ? firstMonth.AddMonths(1) : stop;
            AddRollups(shape, RollupGrain.Day, start, next);
            AddRollups(shape, RollupGrain.Day, next, stop);
            return;
        }

        AddRollups(shape, RollupGrain.Month, monthsFrom, monthsTo);
        AddRollups(shape, RollupGrain.Day, start, monthsFrom);
        AddRollups(shape, RollupGrain.Day, monthsTo, stop);
        AddRollups(shape, RollupGrain.Day, monthsFrom, start, less: true);
        AddRollups(shape, RollupGrain.Day, stop, monthsTo, less: true);
    }

    private void AddLastDay(DateOnly end, DateTimeOffset to)
    {
        var start = _zone.StartOf(end);
        if (start == to) return;
        var hour = _zone.ToLocal(to).Hour;
        if (RollupShapes.Of(_dimensions, RollupGrain.Hour) is not { } shape || to - start > TimeSpan.FromHours(26))
        {
            AddEntries(new TimeRange(start, to));
            return;
        }

        // Whole hours, then what began in the last one. Where clocks go back an hour comes twice; both are in its rollup, so both are looked through.
        if (hour > 0) AddRollups(shape, RollupGrain.Hour, end, end.AddDays(1), hours: hour);
        var begun = to.AddHours(-3);
        AddEntries(new TimeRange(begun > start ? begun : start, to), entry => entry.Day == end && entry.Hour == hour);
    }

    private void AddEntries(TimeRange range, Expression<Func<CostFact, bool>>? condition = null)
    {
        var facts = CostFilter.Within(_db, range).Select(CostFact.OfEntry);
        if (condition is not null) facts = facts.Where(condition);
        _entries.Add(_filter.Matching(facts));
    }

    /// <summary>Where months are told apart, days are all of one month.</summary>
    private void AddRollups(RollupShape shape, RollupGrain grain, DateOnly start, DateOnly stop, int hours = 24, bool less = false)
    {
        if (start >= stop) return;

        // Said as such and not as parameters: an index of one shape is for questions that name it.
        var rollups = RollupsOf(shape).Where(rollup =>
            rollup.Shape == EF.Constant(shape) && rollup.Grain == EF.Constant(grain) && rollup.Day >= start && rollup.Day < stop);
        if (hours < 24) rollups = rollups.Where(rollup => rollup.Hour < hours);
        var fact = less ? CostFact.LessRollup : CostFact.OfRollup;
        if (_monthly && grain == RollupGrain.Day) fact = CostFact.AsOf(fact, MonthOf(start)); // As whole months are of their first day.
        _rollups.Add(_filter.Matching(rollups.Select(fact)));
    }

    /// <summary>SQLite has no statistics of so many kinds of rows in one table and would look through all days rather than for the members.</summary>
    private IQueryable<CostRollup> RollupsOf(RollupShape shape)
    {
        var found = RollupShapes.Indexed.FirstOrDefault(index => index.Shape == shape && _filter.Dimensions.Contains(index.Member));
        if (found == default || !_db.Database.IsSqlite()) return _db.CostRollups;
        var byIndex = $"""SELECT * FROM "CostRollups" INDEXED BY "{RollupShapes.IndexOf(shape, found.Member)}" """;
        return _db.CostRollups.FromSqlRaw(byIndex);
    }

    /// <summary>How many days there are to read.</summary>
    private int Days(DateOnly from, DateOnly to) => Math.Max(0, Math.Min(to.DayNumber, _today.DayNumber + 1) - from.DayNumber);

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static TimeRange Bounded(TimeRange range) => new(range.From > Earliest ? range.From : Earliest, range.To < Latest ? range.To : Latest);
}
