using System.ComponentModel.DataAnnotations;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>What the proxy does about providers that fail. Connections may have time-outs and attempts of their own.</summary>
public sealed class ResilienceOptions
{
    public const string Section = "Proxy:Resilience";

    /// <summary>Attempts at a connection, the first included; 1 repeats nothing.</summary>
    [Range(1, 10)]
    public int Attempts { get; set; } = 3;

    /// <summary>The most that is waited before the second attempt; before each further one, twice as much. The wait is drawn between zero and that.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most that is waited by the program's own choice.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The most that is waited because a provider asks for it with <c>Retry-After</c>; if it asks for more, it is not tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>So many failures in a row open a connection's circuit breaker.</summary>
    [Range(1, 1_000_000)]
    public int BreakerFailures { get; set; } = 5;

    /// <summary>Such a share of failures opens it too, 0.01 to 1.</summary>
    [Range(0.01, 1)]
    public double BreakerErrorRate { get; set; } = 0.5;

    /// <summary>The share is taken of the calls that ended within so long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Of fewer calls no share is taken.</summary>
    [Range(2, 1_000_000)]
    public int BreakerMinimumCalls { get; set; } = 20;

    /// <summary>How long the breaker stays open at first; each further time without having closed, twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BreakerOpenFor { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest it stays open.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BreakerMaxOpenFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many trials are let through at a time after that, and how many have to succeed for it to close.</summary>
    [Range(1, 100)]
    public int BreakerTrials { get; set; } = 2;

    /// <summary>A provider that asks callers to wait for at least so long counts as failing; for less it is merely busy.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BreakerLongWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many calls may be on their way through one connection at a time in this process, so that a stuck provider does not take everything.</summary>
    [Range(1, 1_000_000)]
    public int MaxConcurrentCalls { get; set; } = 2000;

    /// <summary>How many sockets are opened to one host at a time in this process.</summary>
    [Range(1, 1_000_000)]
    public int MaxSocketsPerHost { get; set; } = 4096;

    /// <summary>The largest head of a provider's answer, in kilobytes.</summary>
    [Range(1, 1024)]
    public int MaxHeadKilobytes { get; set; } = 64;

    /// <summary>For a connection with so many attempts of its own; none if it has none.</summary>
    public RetryRules RetryRules(int? attempts) =>
        new() { Attempts = attempts ?? Attempts, BaseDelay = BaseDelay, MaxDelay = MaxDelay, MaxRetryAfter = MaxRetryAfter };

    internal BreakerRules BreakerRules() => new()
    {
        Failures = BreakerFailures,
        ErrorRate = BreakerErrorRate,
        Window = BreakerWindow,
        MinimumCalls = BreakerMinimumCalls,
        OpenFor = BreakerOpenFor,
        MaxOpenFor = BreakerMaxOpenFor,
        Trials = BreakerTrials,
        LongWait = BreakerLongWait,
    };
}
