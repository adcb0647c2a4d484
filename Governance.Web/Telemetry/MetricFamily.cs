namespace Governance.Web.Telemetry;

/// <summary>An instrument and its series.</summary>
/// <param name="name">As OpenTelemetry names it.</param>
/// <param name="unit">By UCUM.</param>
/// <param name="description">In one sentence.</param>
/// <param name="kind">What it measures.</param>
/// <param name="buckets">A histogram's bounds, ascending.</param>
internal sealed class MetricFamily(string name, string? unit, string? description, MetricKind kind, IReadOnlyList<double>? buckets)
{
    /// <summary>By the hash of their labels, so that a measurement finds its series without anything being made for it.</summary>
    private readonly Dictionary<int, List<MetricSeries>> _series = [];

    private int _count;

    public string Name => name;

    public string? Unit => unit;

    public string? Description => description;

    public MetricKind Kind => kind;

    public IEnumerable<MetricSeries> Series => _series.Values.SelectMany(same => same);

    /// <summary>The series of a measurement's tags, in whatever order they come; none if there are too many for a further one.</summary>
    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, int most)
    {
        var hash = MetricSeries.HashOf(tags);
        if (_series.TryGetValue(hash, out var same))
        {
            foreach (var series in same)
            {
                if (series.IsOf(tags)) return series;
            }
        }

        if (_count >= most) return null;
        var added = new MetricSeries(tags, buckets);
        if (same is null) _series[hash] = [added];
        else same.Add(added);
        _count++;
        return added;
    }
}

internal enum MetricKind
{
    Counter,

    /// <summary>A counter that tells its whole sum when it is asked.</summary>
    ObservedCounter,

    /// <summary>A sum that can fall.</summary>
    Sum,
    Gauge,
    Histogram,
}
