namespace Governance.Domain.Proxy.Resilience;

/// <summary>A breaker opened, closed or was reset.</summary>
/// <param name="From">Its state before.</param>
/// <param name="To">Its state since.</param>
/// <param name="At">When.</param>
/// <param name="OpenUntil">Until when it lets nothing through; none if it is closed.</param>
/// <param name="Openings">How often it has opened in a row without closing in between, on which the next duration depends.</param>
/// <param name="Reason">Why, in plain words.</param>
public sealed record BreakerChange(BreakerState From, BreakerState To, DateTimeOffset At, DateTimeOffset? OpenUntil, int Openings, string Reason);
