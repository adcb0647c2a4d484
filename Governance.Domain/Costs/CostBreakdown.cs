namespace Governance.Domain.Costs;

/// <summary>Why a call cost what it cost: one line a token class, and the total that is booked.</summary>
/// <param name="Lines">The classes with at least one token.</param>
/// <param name="LongPrompt">Whether the long-prompt rates applied.</param>
/// <param name="Tier">The service tier that was served.</param>
/// <param name="TierFactor">Its factor, in thousandths.</param>
/// <param name="RegionFactor">The regional uplift, in thousandths.</param>
/// <param name="Total">The sum of the lines, rounded once, half to even.</param>
public sealed record CostBreakdown(
    IReadOnlyList<CostLine> Lines, bool LongPrompt, ServiceTier Tier, int TierFactor, int RegionFactor, Money Total);

/// <summary>Token class × rate × multipliers = amount.</summary>
/// <param name="Class">What was priced.</param>
/// <param name="Tokens">How many.</param>
/// <param name="RateNanoPerMillion">Nano-dollars for a million of them, before multipliers.</param>
/// <param name="AmountNano">Exact, unrounded nano-dollars after multipliers.</param>
public sealed record CostLine(TokenClass Class, long Tokens, long RateNanoPerMillion, decimal AmountNano);
