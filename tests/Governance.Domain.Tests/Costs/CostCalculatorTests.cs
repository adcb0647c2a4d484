using FsCheck.Fluent;
using Governance.Domain.Costs;

namespace Governance.Domain.Tests.Costs;

public sealed class CostCalculatorTests
{
    private static readonly Price Simple = new(
        Guid.Empty, "openai", "m", DateTimeOffset.UnixEpoch, null, new TokenRates(1_000_000_000, 4_000_000_000), null, null, PriceMultipliers.None, "test");

    [Fact]
    public void Calculate_AnyPriceAndUsage_EqualsOracle() => Law.Holds(
        PriceArbitraries.Calls,
        call => Assert.Equal(
            CostOracle.CostNanoUsd(
                PriceArbitraries.ToOracle(call.Price), PriceArbitraries.ToOracle(call.Usage), PriceArbitraries.ToOracle(call.Units, call.Requests),
                call.Tier.ToString().ToLowerInvariant(), call.Regional),
            call.Calculate().Total.NanoUsd),
        small: 2_000, large: 500_000);

    [Fact]
    public void Calculate_AnyPriceAndUsage_LinesAddUpToTheUnroundedTotal() => Law.Holds(
        PriceArbitraries.Calls,
        call =>
        {
            var breakdown = call.Calculate();
            Assert.Equal(
                breakdown.Total.NanoUsd,
                decimal.Round(breakdown.Lines.Sum(line => line.AmountNano) + breakdown.UnitLines.Sum(line => line.AmountNano), MidpointRounding.ToEven));
            Assert.Equal(call.Usage.Total, breakdown.Lines.Sum(line => line.Tokens));
            Assert.All(breakdown.Lines, line => Assert.True(line.Tokens > 0));
        });

    [Fact]
    public void Total_AnyCall_IsThatOfItsBreakdown() => Law.Holds(
        PriceArbitraries.Calls,
        call => Assert.Equal(call.Calculate().Total, CostCalculator.Total(call.Price, call.Usage, call.Tier, call.Regional, call.Units, call.Requests)));

    [Fact]
    public void Calculate_AnyPriceAndUsage_IsNeverNegative() => Law.Holds(PriceArbitraries.Calls, call => Assert.True(call.Calculate().Total >= Money.Zero));

    [Fact]
    public void Calculate_PiecesOfTwoCalls_AddUpToThoseOfBothTogether() => Law.Holds(
        from first in PriceArbitraries.Calls
        from second in PriceArbitraries.Calls
        select (first, second),
        pair =>
        {
            var (one, other) = (Pieces(pair.first.Units, pair.first.Requests), Pieces(pair.second.Units, pair.second.Requests));
            var (left, right) = (pair.first.Units, pair.second.Units);
            var both = new UnitUsage(
                left.Images + right.Images, left.AudioMilliseconds + right.AudioMilliseconds, left.Searches + right.Searches, left.ToolCalls + right.ToolCalls);
            Assert.Equal(one + other, Pieces(both, pair.first.Requests + pair.second.Requests));

            decimal Pieces(UnitUsage units, long requests) =>
                CostCalculator.Calculate(pair.first.Price, default, pair.first.Tier, pair.first.Regional, units, requests).ExactNano;
        });

    [Fact]
    public void Calculate_TokensAndPieces_AddUpToTheCall() => Law.Holds(
        PriceArbitraries.Calls,
        call => Assert.Equal(
            call.Calculate().ExactNano,
            (call with { Units = default, Requests = 0 }).Calculate().ExactNano + (call with { Usage = default }).Calculate().ExactNano));

    [Fact]
    public void Calculate_TierAndRegion_DoNotChangePieces()
    {
        var price = Simple with { Units = new UnitRates(Search: 10_000_000), Multipliers = new PriceMultipliers(Batch: 500, Regional: 1100) };
        var breakdown = CostCalculator.Calculate(price, new TokenUsage(Input: 1_000_000), ServiceTier.Batch, regional: true, new UnitUsage(Searches: 3));
        Assert.Equal(550_000_000 + 30_000_000, breakdown.Total.NanoUsd);
    }

    [Fact]
    public void Calculate_AudioMilliseconds_AreChargedAsPartsOfASecond()
    {
        var price = Simple with { Units = new UnitRates(AudioSecond: 100_000) };
        var line = Assert.Single(CostCalculator.Calculate(price, default, ServiceTier.Standard, units: new UnitUsage(AudioMilliseconds: 1_234)).UnitLines);
        Assert.Equal((UnitClass.AudioSecond, 1.234m, 123_400m), (line.Class, line.Quantity, line.AmountNano));
    }

    [Fact]
    public void Calculate_HalfANanoOfTokensAndOfAudio_RoundsOnceAfterAdding()
    {
        var price = Simple with { Rates = new TokenRates(500_000, 0), Units = new UnitRates(AudioSecond: 1) };
        Assert.Equal(1, CostCalculator.Calculate(price, new TokenUsage(Input: 1), ServiceTier.Standard, units: new UnitUsage(AudioMilliseconds: 500)).Total.NanoUsd);
    }

    [Fact]
    public void Calculate_PieceWithoutARate_IsNotCharged()
    {
        var breakdown = CostCalculator.Calculate(Simple, default, ServiceTier.Standard, units: new UnitUsage(Searches: 5), requests: 1);
        Assert.Equal((0, Money.Zero), (breakdown.UnitLines.Count, breakdown.Total));
    }

    [Fact]
    public void Calculate_ReasoningTokens_ChangeNothing() => Law.Holds(
        PriceArbitraries.Calls,
        call => Assert.Equal(call.Calculate().Total, (call with { Usage = call.Usage with { Reasoning = 0 } }).Calculate().Total));

    [Theory]
    [InlineData(1, 500_000, 0)] // half a nano-dollar: to the even 0
    [InlineData(3, 500_000, 2)] // one and a half: to the even 2
    [InlineData(1, 500_001, 1)]
    [InlineData(5, 500_000, 2)] // two and a half: to the even 2
    public void Calculate_HalfANano_RoundsToEven(long tokens, long rateNanoPerMillion, long expected)
    {
        var price = Simple with { Rates = new TokenRates(rateNanoPerMillion, 0) };
        Assert.Equal(expected, CostCalculator.Calculate(price, new TokenUsage(Input: tokens), ServiceTier.Standard).Total.NanoUsd);
    }

    [Fact]
    public void Calculate_TwoHalves_RoundsOnceAfterAdding()
    {
        var price = Simple with { Rates = new TokenRates(500_000, 500_000) };
        Assert.Equal(1, CostCalculator.Calculate(price, new TokenUsage(Input: 1, Output: 1), ServiceTier.Standard).Total.NanoUsd);
    }

    [Theory]
    [InlineData(272_000, false)]
    [InlineData(272_001, true)]
    public void Calculate_PromptAtTheLimit_IsStillTheLowerRate(long prompt, bool expectedLong)
    {
        var price = Simple with { LongPromptAbove = 272_000, LongRates = new TokenRates(2_000_000_000, 8_000_000_000) };
        var breakdown = CostCalculator.Calculate(price, new TokenUsage(Input: prompt - 1000, CachedInput: 1000, Output: 1), ServiceTier.Standard);
        Assert.Equal(expectedLong, breakdown.LongPrompt);
        Assert.Equal(expectedLong ? 8_000_000_000 : 4_000_000_000, breakdown.Lines[^1].RateNanoPerMillion);
    }

    [Fact]
    public void Calculate_OutputAlone_DoesNotMakeAPromptLong()
    {
        var price = Simple with { LongPromptAbove = 10, LongRates = new TokenRates(2_000_000_000, 8_000_000_000) };
        Assert.False(CostCalculator.Calculate(price, new TokenUsage(Input: 10, Output: 1_000_000), ServiceTier.Standard).LongPrompt);
    }

    [Fact]
    public void Calculate_NoTokens_CostsNothing()
    {
        var breakdown = CostCalculator.Calculate(Simple, default, ServiceTier.Priority, regional: true);
        Assert.Empty(breakdown.Lines);
        Assert.Equal(Money.Zero, breakdown.Total);
    }

    [Fact]
    public void Calculate_MostTokensAtTheHighestPrice_DoesNotOverflow()
    {
        var price = Simple with { Rates = new TokenRates(100_000_000_000_000, 100_000_000_000_000) };
        var breakdown = CostCalculator.Calculate(price, new TokenUsage(Input: int.MaxValue, Output: int.MaxValue), ServiceTier.Standard);
        Assert.Equal(2L * int.MaxValue * 100_000_000, breakdown.Total.NanoUsd);
    }

    [Theory]
    [InlineData("default", ServiceTier.Standard)]
    [InlineData("auto", ServiceTier.Standard)]
    [InlineData(null, ServiceTier.Standard)]
    [InlineData("something new", ServiceTier.Standard)]
    [InlineData("flex", ServiceTier.Flex)]
    [InlineData("priority", ServiceTier.Priority)]
    [InlineData("fast", ServiceTier.Priority)]
    [InlineData("batch", ServiceTier.Batch)]
    public void Parse_ReportedTier_IsTheOneBilled(string? reported, ServiceTier expected) => Assert.Equal(expected, ServiceTiers.Parse(reported));
}
