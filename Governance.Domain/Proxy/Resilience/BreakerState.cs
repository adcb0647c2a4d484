namespace Governance.Domain.Proxy.Resilience;

/// <summary>Whether calls go through a connection.</summary>
public enum BreakerState
{
    /// <summary>They do.</summary>
    Closed,

    /// <summary>They do not, until a moment that is known.</summary>
    Open,

    /// <summary>A few do, to find out whether the provider is back.</summary>
    HalfOpen,
}
