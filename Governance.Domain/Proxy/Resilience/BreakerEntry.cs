namespace Governance.Domain.Proxy.Resilience;

/// <summary>What a breaker says to a call that wants through.</summary>
/// <param name="Entered">Whether it may.</param>
/// <param name="Generation">The state it was let in by; its result counts for that state alone.</param>
/// <param name="Wait">If it may not: how long until a trial is let through.</param>
public readonly record struct BreakerEntry(bool Entered, long Generation, TimeSpan Wait);
