using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy;

/// <summary>A call with all that is known of it: how it was made, and its ledger entries (none while it is open).</summary>
/// <param name="Call">How it was made.</param>
/// <param name="Entries">Its outcome, then any corrections, oldest first.</param>
public sealed record RequestRow(Call Call, IReadOnlyList<LedgerEntry> Entries)
{
    /// <summary>The entry with the outcome; none while the call is open.</summary>
    public LedgerEntry? Outcome => Entries.FirstOrDefault(entry => entry.RequestCount == 1);

    public bool IsOpen => Outcome is null;

    /// <summary>What the call cost, corrections included.</summary>
    public Money Cost => new(Entries.Sum(entry => entry.CostNanoUsd));

    /// <summary>Tokens by class, corrections included.</summary>
    public TokenUsage Usage => new(
        Entries.Sum(entry => entry.InputTokens),
        Entries.Sum(entry => entry.CachedInputTokens),
        Entries.Sum(entry => entry.CacheWriteTokens),
        Entries.Sum(entry => entry.CacheWrite1hTokens),
        Entries.Sum(entry => entry.OutputTokens),
        Entries.Sum(entry => entry.ReasoningTokens),
        Entries.Sum(entry => entry.AudioInputTokens),
        Entries.Sum(entry => entry.AudioOutputTokens),
        Entries.Sum(entry => entry.ImageInputTokens),
        Entries.Sum(entry => entry.ImageOutputTokens));

    /// <summary>What is priced by the piece, corrections included.</summary>
    public UnitUsage Units => new(
        Entries.Sum(entry => entry.Images),
        Entries.Sum(entry => entry.AudioMilliseconds),
        Entries.Sum(entry => entry.Searches),
        Entries.Sum(entry => entry.ToolCalls));

    /// <summary>For how many requests a fee falls due, corrections included.</summary>
    public long BilledRequests => Entries.Sum(entry => entry.BilledRequests);

    /// <summary>Reported once the latest entry that states tokens rests on the provider's figures.</summary>
    public Provenance? Provenance => Entries.Count == 0 ? null : Entries[^1].Provenance;

    /// <summary>What the stored answer had cost that was given again; none unless the call was answered from the response cache.</summary>
    public Money? Saved => Outcome?.SavedNanoUsd is { } saved ? new Money(saved) : null;

    /// <summary>Whose model answered, or was to.</summary>
    public string Provider => Outcome?.Provider ?? Call.Provider;

    /// <summary>Through which connection: of a call that fell back, the one that answered.</summary>
    public string? Connection => Outcome is { } ended ? ended.Connection : Call.Connection;

    /// <summary>Where it was answered; none where that is not known, as of a call that fell back.</summary>
    public string? Region => Connection == Call.Connection ? Call.Region : null;

    public bool IsSandbox => Connection == ProviderConnections.SandboxName;
}

/// <summary>One call in full.</summary>
/// <param name="Row">The call and its entries.</param>
/// <param name="Attempts">The attempts to reach a provider.</param>
/// <param name="Price">The price version its cost was computed with.</param>
/// <param name="Breakdown">Why it cost what it cost; none while it is open or if it has no price.</param>
public sealed record RequestDetail(RequestRow Row, IReadOnlyList<CallAttempt> Attempts, PriceVersion? Price, CostBreakdown? Breakdown);
