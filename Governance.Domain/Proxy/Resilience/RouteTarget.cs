namespace Governance.Domain.Proxy.Resilience;

/// <summary>Where a route may send a call.</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="Model">The model to ask for there; none for the one the caller asked for.</param>
/// <param name="Priority">The lowest goes first; the others only when all before them fail.</param>
/// <param name="Weight">Its share among those of the same priority.</param>
public sealed record RouteTarget(string Connection, string? Model = null, int Priority = 1, int Weight = 1)
{
    public const int MaxPriority = 100;
    public const int MaxWeight = 1000;
}
