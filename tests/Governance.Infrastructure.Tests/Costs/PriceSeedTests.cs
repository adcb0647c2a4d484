using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Tests.Costs;

public sealed class PriceSeedTests
{
    private static readonly IReadOnlyList<PriceVersion> Seed = PriceSeed.For(Guid.Empty, FakeTime.DefaultStart);

    [Fact]
    public void For_EveryRow_IsReadWithItsSource()
    {
        Assert.Equal(75, Seed.Count);
        Assert.All(Seed, price => Assert.False(string.IsNullOrWhiteSpace(price.Source)));
        Assert.All(Seed, price => Assert.False(string.IsNullOrWhiteSpace(price.Provider) || string.IsNullOrWhiteSpace(price.Model)));
        Assert.Equal(Seed.Count, Seed.Select(price => price.Id).Distinct().Count());
    }

    [Fact]
    public void For_EveryRate_IsNotNegativeAndEveryMultiplierPositive()
    {
        foreach (var price in Seed)
        {
            long?[] rates =
            [
                price.InputNano, price.OutputNano, price.CachedInputNano, price.CacheWriteNano, price.CacheWrite1hNano,
                price.LongInputNano, price.LongOutputNano, price.LongCachedInputNano, price.LongCacheWriteNano, price.LongCacheWrite1hNano,
                price.RequestNano, price.ImageNano, price.AudioSecondNano, price.SearchNano, price.ToolCallNano,
            ];
            Assert.All(rates, rate => Assert.True(rate is null or >= 0, $"{price.Model} has a negative rate."));
            Assert.All([price.BatchPermille, price.FlexPermille, price.PriorityPermille, price.RegionalPermille], permille => Assert.InRange(permille, 1, 10_000));
            Assert.True(price.LongPromptAbove is null == price.LongInputNano is null, $"{price.Model} has half a long-prompt price.");
        }
    }

    [Fact]
    public void For_FeePerPiece_StandsWithItsOwnSource() => Assert.All(
        Seed.Where(price => price.ToPrice().Units != Domain.Costs.UnitRates.None),
        price => Assert.Contains("search fee", price.Source, StringComparison.Ordinal));

    [Fact]
    public void For_PricesOfOneModel_DoNotOverlap()
    {
        foreach (var versions in Seed.GroupBy(price => (price.Provider, price.Model)))
        {
            var ordered = versions.OrderBy(price => price.EffectiveFrom).ToList();
            Assert.All(ordered, price => Assert.True(price.EffectiveTo is null || price.EffectiveFrom < price.EffectiveTo));
            Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.EffectiveTo <= pair.Second.EffectiveFrom, $"{versions.Key} overlaps."));
        }
    }
}
