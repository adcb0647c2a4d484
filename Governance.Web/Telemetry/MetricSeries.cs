namespace Governance.Web.Telemetry;

/// <summary>One series of an instrument: what was measured under one set of labels. Whoever reads or adds holds the store's lock.</summary>
/// <param name="labels">Sorted by name.</param>
/// <param name="buckets">The upper bounds of a histogram's buckets; none if it is no histogram.</param>
internal sealed class MetricSeries(IReadOnlyList<KeyValuePair<string, string>> labels, IReadOnlyList<double>? buckets)
{
    private readonly long[] _counts = new long[buckets is null ? 0 : buckets.Count + 1];

    public IReadOnlyList<KeyValuePair<string, string>> Labels => labels;

    /// <summary>The sum of a counter or histogram, or a gauge's last value.</summary>
    public decimal Value { get; private set; }

    public long Count { get; private set; }

    public void Add(decimal value) => Value += value;

    public void Set(decimal value) => Value = value;

    public void Record(decimal value)
    {
        Value += value;
        Count++;
        var bucket = 0;
        while (bucket < buckets!.Count && (double)value > buckets[bucket]) bucket++;
        _counts[bucket]++;
    }

    /// <summary>How many measurements lie at or below each bound.</summary>
    public IEnumerable<(double Bound, long Count)> Cumulative()
    {
        var sum = 0L;
        for (var i = 0; i < buckets!.Count; i++)
        {
            sum += _counts[i];
            yield return (buckets[i], sum);
        }
    }
}
