namespace Governance.Web.Telemetry;

/// <summary>An instrument and its series.</summary>
/// <param name="name">As OpenTelemetry names it.</param>
/// <param name="unit">By UCUM.</param>
/// <param name="description">In one sentence.</param>
/// <param name="kind">What it measures.</param>
/// <param name="buckets">A histogram's bounds, ascending.</param>
internal sealed class MetricFamily(string name, string? unit, string? description, MetricKind kind, IReadOnlyList<double>? buckets)
{
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    public string Name => name;

    public string? Unit => unit;

    public string? Description => description;

    public MetricKind Kind => kind;

    public IEnumerable<MetricSeries> Series => _series.Values;

    /// <summary>The series of some labels; none if there are too many for a further one.</summary>
    public MetricSeries? Find(List<KeyValuePair<string, string>> labels, int most)
    {
        // Each value stands behind its length, so that no two sets of labels have the same key.
        var key = string.Join('\u0001', labels.Select(label => $"{label.Key}\u0002{label.Value.Length}\u0002{label.Value}"));
        if (_series.TryGetValue(key, out var known)) return known;
        return _series.Count >= most ? null : _series[key] = new MetricSeries(labels, buckets);
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
