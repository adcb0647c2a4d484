using System.Globalization;

namespace Governance.Web.Telemetry;

/// <summary>One series of an instrument: what was measured under one set of labels. Whoever reads or adds holds the store's lock.</summary>
internal sealed class MetricSeries
{
    private readonly IReadOnlyList<double>? _buckets;
    private readonly long[] _counts;
    private readonly List<KeyValuePair<string, string>> _labels;

    /// <param name="tags">What tells it apart; one without a value says nothing.</param>
    /// <param name="buckets">The upper bounds of a histogram's buckets; none if it is no histogram.</param>
    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, IReadOnlyList<double>? buckets)
    {
        (_buckets, _counts, _labels) = (buckets, new long[buckets is null ? 0 : buckets.Count + 1], new(tags.Length));
        foreach (var (name, tag) in tags)
        {
            if (tag is not null) _labels.Add(KeyValuePair.Create(name, TextOf(tag)));
        }

        _labels.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
    }

    /// <summary>Its tags as text, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels => _labels;

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
        while (bucket < _buckets!.Count && (double)value > _buckets[bucket]) bucket++;
        _counts[bucket]++;
    }

    /// <summary>How many measurements lie at or below each bound.</summary>
    public IEnumerable<(double Bound, long Count)> Cumulative()
    {
        var sum = 0L;
        for (var i = 0; i < _buckets!.Count; i++)
        {
            sum += _counts[i];
            yield return (_buckets[i], sum);
        }
    }

    /// <summary>The same for the same tags, in whatever order they come.</summary>
    public static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = 0;
        foreach (var (name, tag) in tags)
        {
            if (tag is not null) hash ^= HashCode.Combine(name, TextOf(tag));
        }

        return hash;
    }

    /// <summary>Whether these are its tags. A name stands among tags once.</summary>
    public bool IsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var count = 0;
        foreach (var (name, tag) in tags)
        {
            if (tag is null) continue;
            if (ValueOf(name) != TextOf(tag)) return false;
            count++;
        }

        return count == _labels.Count;
    }

    private string? ValueOf(string name)
    {
        foreach (var (label, value) in _labels)
        {
            if (label == name) return value;
        }

        return null;
    }

    private static string TextOf(object tag) => tag as string ?? Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";
}
