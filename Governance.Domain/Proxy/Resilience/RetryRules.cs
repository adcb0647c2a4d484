namespace Governance.Domain.Proxy.Resilience;

/// <summary>How often and how patiently a call is tried at one connection.</summary>
public sealed record RetryRules
{
    /// <summary>Attempts at a connection, the first included.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>The most that is waited before the second attempt; before each further one, twice as much.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most that is waited by the program's own choice.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The most that is waited because the provider asks for it; if it asks for more, the connection is not tried again.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(20);
}
