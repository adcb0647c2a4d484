namespace Governance.Domain.Proxy.Resilience;

/// <summary>When a circuit breaker opens, and how it closes again.</summary>
public sealed record BreakerRules
{
    /// <summary>So many failures in a row open it.</summary>
    public int Failures { get; init; } = 5;

    /// <summary>Such a share of the calls within <see cref="Window"/> opens it; 0 to 1.</summary>
    public double ErrorRate { get; init; } = 0.5;

    /// <summary>The share is taken of the calls that ended within so long.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Of fewer calls no share is taken.</summary>
    public int MinimumCalls { get; init; } = 20;

    /// <summary>How long it stays open at first; each further time without having closed, twice as long.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest it stays open.</summary>
    public TimeSpan MaxOpenFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many trials are let through at a time when it is half-open, and how many have to succeed for it to close.</summary>
    public int Trials { get; init; } = 2;

    /// <summary>A provider that asks callers to wait for at least so long counts as failing; for less it is merely busy.</summary>
    public TimeSpan LongWait { get; init; } = TimeSpan.FromMinutes(1);
}
