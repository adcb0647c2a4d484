namespace Governance.Domain.Costs;

/// <summary>
/// Computes what a call cost: Σ tokens × rate, times the service tier, times the regional uplift, plus Σ pieces × rate, rounded once, half
/// to even. The rules are those of the providers' price pages as collected in docs/pricing.md.
/// </summary>
/// <remarks>
/// Neither factor applies to pieces, because providers state them for tokens: Anthropic's batch discount is on "input and output tokens" and its
/// data-residency uplift on "all token pricing categories" (platform.claude.com, Pricing), beside which searches are listed at one price.
/// </remarks>
public static class CostCalculator
{
    /// <summary>Rates are per million tokens and each of the two multipliers is in thousandths.</summary>
    private const long Scale = 1_000_000L * 1000 * 1000;

    private static readonly TokenClass[] TokenClasses = Enum.GetValues<TokenClass>();

    private static readonly UnitClass[] UnitClasses = Enum.GetValues<UnitClass>();

    /// <summary>What a call cost, and why.</summary>
    /// <param name="price">The price version that held when the call started.</param>
    /// <param name="usage">Tokens by class.</param>
    /// <param name="tier">The tier the provider says it served.</param>
    /// <param name="regional">Whether a regional or data-zone endpoint served the call.</param>
    /// <param name="units">Pieces by class.</param>
    /// <param name="requests">How many requests the provider worked on: 1, or 0 where it did not work.</param>
    public static CostBreakdown Calculate(
        Price price, TokenUsage usage, ServiceTier tier, bool regional = false, UnitUsage units = default, long requests = 0)
    {
        var (lines, unitLines) = (new List<CostLine>(), new List<UnitCostLine>());
        var total = Sum(price, usage, tier, regional, units, requests, lines, unitLines);
        return new CostBreakdown(lines, unitLines, IsLong(price, usage), tier, price.Multipliers.For(tier), RegionFactor(price, regional), total);
    }

    /// <summary>What a call cost: the total of <see cref="Calculate"/>, for those who do not ask why.</summary>
    /// <inheritdoc cref="Calculate"/>
    public static Money Total(Price price, TokenUsage usage, ServiceTier tier, bool regional = false, UnitUsage units = default, long requests = 0) =>
        Sum(price, usage, tier, regional, units, requests, lines: null, unitLines: null);

    private static Money Sum(
        Price price, TokenUsage usage, ServiceTier tier, bool regional, UnitUsage units, long requests, List<CostLine>? lines, List<UnitCostLine>? unitLines)
    {
        var rates = IsLong(price, usage) ? price.LongRates ?? price.Rates : price.Rates;
        var factor = (long)price.Multipliers.For(tier) * RegionFactor(price, regional);
        Int128 sum = 0;
        foreach (var tokenClass in TokenClasses)
        {
            var tokens = usage.Of(tokenClass);
            if (tokens == 0) continue;
            var rate = rates.For(tokenClass);
            var amount = (Int128)tokens * rate * factor;
            sum += amount;
            lines?.Add(new CostLine(tokenClass, tokens, rate, Unscaled(amount)));
        }

        foreach (var unitClass in UnitClasses)
        {
            var thousandths = Thousandths(units, requests, unitClass);
            if (thousandths == 0 || price.Units.For(unitClass) is not { } rate) continue;
            var amount = thousandths * rate * (Scale / 1000);
            sum += amount;
            unitLines?.Add(new UnitCostLine(unitClass, (decimal)thousandths / 1000, rate, Unscaled(amount)));
        }

        return new Money(RoundHalfToEven(sum, Scale));
    }

    private static bool IsLong(Price price, TokenUsage usage) => usage.Prompt > price.LongPromptAbove;

    private static int RegionFactor(Price price, bool regional) => regional ? price.Multipliers.Regional : 1000;

    /// <summary>In thousandths of a piece, because audio is measured in milliseconds and priced in seconds.</summary>
    private static Int128 Thousandths(UnitUsage units, long requests, UnitClass unitClass) => unitClass switch
    {
        UnitClass.Request => (Int128)requests * 1000,
        UnitClass.Image => (Int128)units.Images * 1000,
        UnitClass.AudioSecond => units.AudioMilliseconds,
        UnitClass.Search => (Int128)units.Searches * 1000,
        UnitClass.ToolCall => (Int128)units.ToolCalls * 1000,
        _ => throw new ArgumentOutOfRangeException(nameof(unitClass), unitClass, "No such class of pieces."),
    };

    /// <summary>Divides in two parts, because a decimal cannot hold the largest products whole.</summary>
    private static decimal Unscaled(Int128 amount)
    {
        var (nano, rest) = Int128.DivRem(amount, Scale);
        return (decimal)nano + (decimal)rest / Scale;
    }

    private static long RoundHalfToEven(Int128 numerator, long denominator)
    {
        var (quotient, remainder) = Int128.DivRem(numerator, denominator);
        var twice = Int128.Abs(remainder) * 2;
        if (twice > denominator || (twice == denominator && Int128.IsOddInteger(quotient)))
            quotient += Int128.Sign(numerator);
        return checked((long)quotient);
    }
}
