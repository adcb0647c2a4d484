using System.Diagnostics;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Governance.Web.Telemetry;

/// <summary>Exports metrics and spans to a collector, if one is configured.</summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.Otlp.Endpoint)) return Task.CompletedTask;
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(ProxyMetrics.Source, "Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Value.Otlp.Interval.TotalMilliseconds;
            })
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(ProxyMetrics.Source, "Microsoft.AspNetCore", "System.Net.Http")
            .AddProcessor(new QueryRemoval())
            .AddOtlpExporter(exporter => Configure(exporter, "traces"))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>What was measured until the end is exported, too.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
        (_metrics, _traces) = (null, null);
    }

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("governance", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString());

    private void Configure(OtlpExporterOptions exporter, string signal)
    {
        var (endpoint, grpc) = (options.Value.Otlp.Endpoint!.TrimEnd('/'), options.Value.Otlp.Protocol == OtlpProtocol.Grpc);
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(grpc ? endpoint : $"{endpoint}/v1/{signal}");
        exporter.Headers = options.Value.Otlp.Headers;
    }

    /// <summary>A query can hold what nobody else may see: a caller's key, the token of an invitation.</summary>
    private sealed class QueryRemoval : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.SetTag("url.query", null);
            if (data.GetTagItem("url.full") is string url && url.IndexOf('?', StringComparison.Ordinal) is > 0 and var query) data.SetTag("url.full", url[..query]);
        }
    }
}
