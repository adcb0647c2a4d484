namespace Governance.Web.Telemetry;

/// <summary>What the program tells monitoring systems about itself. Nothing leaves it unless an address is configured.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    public OtlpOptions Otlp { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();
}

/// <summary>The export by OpenTelemetry's own protocol.</summary>
public sealed class OtlpOptions
{
    /// <summary>Where a collector listens, such as <c>http://127.0.0.1:4318</c>; without it nothing is exported.</summary>
    public string? Endpoint { get; set; }

    /// <summary>How it is spoken to.</summary>
    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.Http;

    /// <summary>Headers such as <c>api-key=…</c>, separated by commas.</summary>
    public string? Headers { get; set; }

    /// <summary>How often metrics are exported.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}

public enum OtlpProtocol
{
    /// <summary>Protocol buffers over HTTP, usually on port 4318.</summary>
    Http,

    /// <summary>gRPC, usually on port 4317.</summary>
    Grpc,
}

/// <summary>Who may read <c>/metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>Whether a program on the same machine needs no key. It then sees every organisation's figures.</summary>
    public bool AllowAnonymousFromLoopback { get; set; }
}
