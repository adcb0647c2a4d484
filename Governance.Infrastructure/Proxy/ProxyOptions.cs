using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Proxy;

/// <summary>The bounds within which the proxy works.</summary>
public sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>The largest request body, in bytes.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxRequestBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>The largest unstreamed answer, and the largest single event of a stream, in bytes.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxResponseBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long connecting to a provider may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a provider may stay silent, before its answer and within it. Models may think for minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the rest of an answer is still read after its caller hung up, to learn what it cost.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What becomes of calls to models without a price.</summary>
    public UnpricedModels UnpricedModels { get; set; } = UnpricedModels.Refuse;

    /// <summary>How many writes may wait for the database before calls are refused.</summary>
    [Range(16, 1_000_000)]
    public int MaxPendingWrites { get; set; } = 8192;
}

public enum UnpricedModels
{
    /// <summary>They are refused.</summary>
    Refuse,

    /// <summary>They are passed at a cost of zero that is flagged as unpriced.</summary>
    Pass,
}
