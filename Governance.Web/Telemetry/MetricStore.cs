using System.Diagnostics.Metrics;
using Governance.Infrastructure.Proxy;

namespace Governance.Web.Telemetry;

/// <summary>
/// Keeps what this process measured since its start, for <c>/metrics</c>. It listens to the meters of its own services and to no others of
/// the process, and to so many series an instrument at most.
/// </summary>
internal sealed class MetricStore : IHostedService, IDisposable
{
    /// <summary>Beyond so many series an instrument, one series takes what is new.</summary>
    internal const int MostSeries = 5000;

    private const string Overflow = "otel.metric.overflow";
    private static readonly string[] Meters = [ProxyMetrics.Source, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];
    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public MetricStore(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, meters) || !Meters.Contains(instrument.Meter.Name)) return;
            listener.EnableMeasurementEvents(instrument, Enable(instrument));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) =>
        {
            if (double.IsFinite(value)) Measure(state, (decimal)value, tags);
        });
    }

    /// <summary>Begins to listen, before the first call can come.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What may be read by somebody.</summary>
    /// <param name="organizationId">The one organisation whose series are seen beside those of the program; none for every one.</param>
    public string Read(Guid? organizationId)
    {
        _listener.RecordObservableInstruments();
        var own = organizationId?.ToString();
        lock (_gate) return PrometheusText.Write(_families.Values, labels => own is null || !labels.Any(label => label.Key == ProxyMetrics.Organization && label.Value != own));
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily Enable(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition() switch
        {
            var type when type == typeof(Histogram<>) => MetricKind.Histogram,
            var type when type == typeof(Counter<>) => MetricKind.Counter,
            var type when type == typeof(UpDownCounter<>) => MetricKind.Sum,
            var type when type == typeof(ObservableCounter<>) => MetricKind.ObservedCounter,
            _ => MetricKind.Gauge,
        };
        var buckets = instrument switch
        {
            Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(bound => (double)bound)],
            Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => advised,
            _ => kind == MetricKind.Histogram ? DefaultBuckets : null,
        };
        lock (_gate)
        {
            if (_families.TryGetValue(instrument.Name, out var known)) return known;
            return _families[instrument.Name] = new MetricFamily(instrument.Name, instrument.Unit, instrument.Description, kind, buckets);
        }
    }

    private void Measure(object? state, decimal value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = (MetricFamily)state!;
        lock (_gate)
        {
            var series = family.Find(tags, MostSeries) ?? family.Find([KeyValuePair.Create<string, object?>(Overflow, "true")], int.MaxValue)!;
            if (family.Kind == MetricKind.Histogram) series.Record(value);
            else if (family.Kind is MetricKind.Counter or MetricKind.Sum) series.Add(value);
            else series.Set(value);
        }
    }
}
