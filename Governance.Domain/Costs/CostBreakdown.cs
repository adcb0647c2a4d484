namespace Governance.Domain.Costs;

/// <summary>Why a call cost what it cost: one line a token class, one a class of pieces, and the total that is booked.</summary>
/// <param name="Lines">The classes with at least one token.</param>
/// <param name="UnitLines">The classes with at least one piece that has a rate.</param>
/// <param name="LongPrompt">Whether the long-prompt rates applied.</param>
/// <param name="Tier">The service tier that was served.</param>
/// <param name="TierFactor">Its factor on tokens, in thousandths.</param>
/// <param name="RegionFactor">The regional uplift on tokens, in thousandths.</param>
/// <param name="Total">The sum of all lines, rounded once, half to even.</param>
public sealed record CostBreakdown(
    IReadOnlyList<CostLine> Lines, IReadOnlyList<UnitCostLine> UnitLines, bool LongPrompt, ServiceTier Tier, int TierFactor, int RegionFactor, Money Total)
{
    /// <summary>The sum before it is rounded, in nano-dollars.</summary>
    public decimal ExactNano => Lines.Sum(line => line.AmountNano) + UnitLines.Sum(line => line.AmountNano);
}

/// <summary>Token class × rate × multipliers = amount.</summary>
/// <param name="Class">What was priced.</param>
/// <param name="Tokens">How many.</param>
/// <param name="RateNanoPerMillion">Nano-dollars for a million of them, before multipliers.</param>
/// <param name="AmountNano">Exact, unrounded nano-dollars after multipliers.</param>
public sealed record CostLine(TokenClass Class, long Tokens, long RateNanoPerMillion, decimal AmountNano);

/// <summary>Pieces × rate = amount.</summary>
/// <param name="Class">What was priced.</param>
/// <param name="Quantity">How many; of seconds with their thousandths.</param>
/// <param name="RateNano">Nano-dollars a piece.</param>
/// <param name="AmountNano">Exact, unrounded nano-dollars.</param>
public sealed record UnitCostLine(UnitClass Class, decimal Quantity, long RateNano, decimal AmountNano);
