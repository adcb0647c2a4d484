using Governance.Domain.Costs;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;

namespace Governance.Web.Components.Shared;

/// <summary>A column of a chart: an hour, a day or a week.</summary>
public sealed record SpendBucket(DateOnly From, DateOnly To, int? Hour)
{
    public DayRange Days => new(From, To);

    public string Label(Formats formats) => Hour is { } hour ? $"{hour:00}:00"
        : From == To ? formats.DayShort(From)
        : formats.Days(new DayRange(From, To));

    /// <summary>The same in short, under its column: a week is named by its first day.</summary>
    public string Tick(Formats formats, bool withYear) => Hour is not null ? Label(formats) : withYear ? formats.Day(From) : formats.DayShort(From);
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

    public Money Total => new(Series.Sum(series => series.Total.NanoUsd));

    public Money TotalOf(int bucket) => new(Series.Sum(series => series.Nano[bucket]));

    public string Unit => Buckets switch
    {
        [{ Hour: not null }, ..] => "hour",
        _ when Buckets.Any(bucket => bucket.From != bucket.To) => "week",
        _ => "day",
    };

    /// <summary>How a question over a period should be asked: a single day is worth its hours.</summary>
    public static CostDimension StepOf(DayRange days) => days.Days == 1 ? CostDimension.Hour : CostDimension.Day;

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
        var byMember = sums.ToLookup(sum => sum.Key with { Day = null, Hour = null });
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
                .GroupBy(day => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)))
                .Select(week => new SpendBucket(week.First(), week.Last(), null)),
        ];
    }

    /// <summary>Adds figures up by bucket.</summary>
    public static long[] Spread(IReadOnlyList<SpendBucket> buckets, IEnumerable<CostSum> sums, Func<CostSum, long>? figure = null)
    {
        figure ??= sum => sum.CostNanoUsd;
        var values = new long[buckets.Count];
        var places = buckets.SelectMany((bucket, place) => bucket.Hour is null
                ? new DayRange(bucket.From, bucket.To).EachDay().Select(day => ((DateOnly?)day, Hour: (int?)null, place))
                : [((DateOnly?)null, bucket.Hour, place)])
            .ToDictionary(place => (place.Item1, place.Hour), place => place.place);
        foreach (var sum in sums)
        {
            if (places.TryGetValue((sum.Key.Day, sum.Key.Hour), out var place)) values[place] += figure(sum);
        }

        return values;
    }
}
