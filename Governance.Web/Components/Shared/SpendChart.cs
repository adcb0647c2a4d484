using Governance.Domain.Costs;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Components.Shared;

/// <summary>A column of a chart: an hour, a day, a week or a month. The first and the last of a period may be a part of one.</summary>
public sealed record SpendBucket(DateOnly From, DateOnly To, int? Hour)
{
    public DayRange Days => new(From, To);

    /// <summary>Whether it is a whole month.</summary>
    private bool IsMonth => Hour is null && From.Day == 1 && To.AddDays(1).Day == 1 && To.Month == From.Month && To.Year == From.Year;

    public string Label(Formats formats) => Hour is { } hour ? $"{hour:00}:00"
        : From == To ? formats.DayShort(From)
        : IsMonth ? formats.Month(From)
        : formats.Days(new DayRange(From, To));

    /// <summary>The same in short, under its column: a week is named by its first day.</summary>
    /// <param name="formats">How dates are written.</param>
    /// <param name="unit">What the columns of the chart are.</param>
    /// <param name="withYear">Whether the day alone could be of two years.</param>
    public string Tick(Formats formats, string unit, bool withYear) => Hour is not null ? Label(formats)
        : unit == "month" ? formats.MonthShort(From)
        : withYear ? formats.Day(From) : formats.DayShort(From);
}

/// <summary>A colour of a chart: the figures of one member, by bucket.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Key">Which member it is; none for the rest.</param>
/// <param name="Nano">Nano-dollars by bucket.</param>
public sealed record SpendSeries(string Name, CostKey? Key, IReadOnlyList<long> Nano)
{
    public Money Total => new(Nano.Sum());
}

/// <summary>Spend over time, stacked by the members of a dimension: the largest by name, the rest as one.</summary>
public sealed record SpendChart(IReadOnlyList<SpendBucket> Buckets, IReadOnlyList<SpendSeries> Series)
{
    public const string Rest = "Other";
    public const int Named = 7;

    /// <summary>Beyond this many days a column is a week, so that columns stay wide enough to see and to hit.</summary>
    private const int MaxDays = 100;

    /// <summary>And beyond this many a month, as bills are.</summary>
    private const int MaxDaysOfWeeks = 210;

    public Money Total => new(Series.Sum(series => series.Total.NanoUsd));

    public Money TotalOf(int bucket) => new(Series.Sum(series => series.Nano[bucket]));

    public string Unit => UnitOf(Buckets);

    public static string UnitOf(IReadOnlyList<SpendBucket> buckets) => buckets switch
    {
        [{ Hour: not null }, ..] => "hour",
        _ when buckets.Any(bucket => bucket.Days.Days > 7) => "month",
        _ when buckets.Any(bucket => bucket.Days.Days > 1) => "week",
        _ => "day",
    };

    /// <summary>How a question over a period should be asked: a single day is worth its hours, and of a year its months are read.</summary>
    public static CostDimension StepOf(DayRange days) => days.Days == 1 ? CostDimension.Hour : days.Days <= MaxDaysOfWeeks ? CostDimension.Day : CostDimension.Month;

    /// <summary>The members that are drawn by name, the largest first. A rest of one member is better shown by its name, too.</summary>
    /// <param name="members">Sums by the dimension, the highest cost first.</param>
    public static IReadOnlyList<CostKey> Largest(IReadOnlyList<CostSum> members) =>
        [.. members.Take(members.Count == Named + 1 ? members.Count : Named).Select(member => member.Key)];

    /// <param name="days">The period.</param>
    /// <param name="largest">The members that are drawn by name.</param>
    /// <param name="sums">Their sums by <see cref="StepOf"/> and the dimension.</param>
    /// <param name="all">The sums of all members by <see cref="StepOf"/>, if there are more than those.</param>
    /// <param name="dimension">What to stack by.</param>
    /// <param name="names">Names of its members.</param>
    public static SpendChart Build(
        DayRange days, IReadOnlyList<CostKey> largest, IReadOnlyList<CostSum> sums, IReadOnlyList<CostSum>? all, CostDimension dimension, IReadOnlyDictionary<Guid, string> names)
    {
        var buckets = BucketsOf(days);
        var byMember = sums.ToLookup(sum => sum.Key with { Day = null, Hour = null, Month = null });
        var series = largest.Select(key => new SpendSeries(CostNames.Label(dimension, key, names), key, Spread(buckets, byMember[key]))).ToList();
        if (all is not null)
        {
            var (total, named) = (Spread(buckets, all), Spread(buckets, sums));
            series.Add(new SpendSeries(Rest, null, [.. total.Zip(named, (everything, some) => everything - some)]));
        }

        return new SpendChart(buckets, series);
    }

    public static IReadOnlyList<SpendBucket> BucketsOf(DayRange days)
    {
        if (days.Days == 1) return [.. Enumerable.Range(0, 24).Select(hour => new SpendBucket(days.From, days.To, hour))];
        if (days.Days <= MaxDays) return [.. days.EachDay().Select(day => new SpendBucket(day, day, null))];
        return
        [
            .. days.EachDay()
                .GroupBy(day => days.Days <= MaxDaysOfWeeks ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : MonthOf(day))
                .Select(part => new SpendBucket(part.First(), part.Last(), null)),
        ];
    }

    /// <summary>Adds figures up by bucket.</summary>
    public static long[] Spread(IReadOnlyList<SpendBucket> buckets, IEnumerable<CostSum> sums, Func<CostSum, long>? figure = null)
    {
        figure ??= sum => sum.CostNanoUsd;
        var values = new long[buckets.Count];
        var monthly = UnitOf(buckets) == "month";
        var places = buckets.SelectMany((bucket, place) => bucket.Hour is not null ? [((DateOnly?)null, bucket.Hour, place)]
                : monthly ? [(MonthOf(bucket.From), Hour: null, place)]
                : bucket.Days.EachDay().Select(day => ((DateOnly?)day, Hour: (int?)null, place)))
            .ToDictionary(place => (place.Item1, place.Hour), place => place.place);
        foreach (var sum in sums)
        {
            if (places.TryGetValue((monthly ? sum.Key.Month : sum.Key.Day, sum.Key.Hour), out var place)) values[place] += figure(sum);
        }

        return values;
    }

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);
}
