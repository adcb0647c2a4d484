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

    /// <summary>A call that has no outcome after this long is given up: it is charged what was held for it, and corrected if its outcome becomes known.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan LongestCall { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How many tokens an answer may have at most where the caller sets no bound: that much is held on budgets. It is the longest answer that
    /// current models give (128,000; GPT-5 and Claude by their providers' model pages); a model's context window bounds it further.
    /// </summary>
    [Range(1, 10_000_000)]
    public long LongestAnswerTokens { get; set; } = 128_000;

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
