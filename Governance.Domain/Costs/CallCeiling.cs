namespace Governance.Domain.Costs;

/// <summary>What a call may cost at most, before it is made: what is held on its budgets.</summary>
public static class CallCeiling
{
    /// <summary>More than any model writes; it keeps absurd requests from overflowing.</summary>
    private const long MostTokens = 1_000_000_000;

    /// <summary>
    /// The dearest way in which the prompt can be billed (fresh, or written to a cache of either lifetime), and the longest answer, at the
    /// dearer of the tier that was asked for and the usual one, because a provider may serve either.
    /// </summary>
    /// <param name="price">The price of the model.</param>
    /// <param name="promptTokens">The prompt's tokens, estimated.</param>
    /// <param name="maxOutputTokens">The caller's bound on the answer; none if there is none.</param>
    /// <param name="longestOutputTokens">How long an answer can be at most where the caller set no bound.</param>
    /// <param name="answers">How many answers were asked for.</param>
    /// <param name="tier">The tier that was asked for.</param>
    /// <param name="regional">Whether a regional endpoint serves the call.</param>
    public static Money Of(Price price, long promptTokens, long? maxOutputTokens, long longestOutputTokens, long answers, ServiceTier tier, bool regional)
    {
        var each = maxOutputTokens ?? Math.Min(longestOutputTokens, price.ContextWindow ?? long.MaxValue);
        var output = (long)Int128.Min((Int128)each * answers, MostTokens);
        ReadOnlySpan<TokenUsage> ways =
        [
            new(Input: promptTokens, Output: output),
            new(CacheWrite: promptTokens, Output: output),
            new(CacheWrite1h: promptTokens, Output: output),
        ];
        var ceiling = 0L;
        foreach (var usage in ways)
        {
            ceiling = Math.Max(ceiling, CostCalculator.Total(price, usage, ServiceTier.Standard, regional, requests: 1).NanoUsd);
            if (tier != ServiceTier.Standard) ceiling = Math.Max(ceiling, CostCalculator.Total(price, usage, tier, regional, requests: 1).NanoUsd);
        }

        return new Money(ceiling);
    }
}
