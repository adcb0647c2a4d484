using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Costs;

namespace Governance.Domain.Tests.Costs;

/// <summary>Made-up prices and usages, in the product's shape; <see cref="ToOracle(Price)"/> puts them into the oracle's.</summary>
internal static class PriceArbitraries
{
    /// <summary>Nano-dollars per million tokens, as prices are written: up to nine decimals of a dollar, often few.</summary>
    private static readonly Gen<long> Rate = Gen.OneOf(
        Gen.Constant(0L),
        Gen.Choose(0, 100_000).Select(cents => cents * 10_000_000L),
        Gen.Choose(0, int.MaxValue).Select(nano => (long)nano));

    private static readonly Gen<long?> OptionalRate = Gen.OneOf(Gen.Constant((long?)null), Rate.Select(rate => (long?)rate));

    private static readonly Gen<TokenRates> Rates =
        from input in Rate
        from output in Rate
        from cached in OptionalRate
        from write in OptionalRate
        from write1h in OptionalRate
        from audioInput in OptionalRate
        from audioOutput in OptionalRate
        from imageInput in OptionalRate
        from imageOutput in OptionalRate
        select new TokenRates(input, output, cached, write, write1h, audioInput, audioOutput, imageInput, imageOutput);

    private static readonly Gen<UnitRates> PieceRates =
        from request in OptionalRate
        from image in OptionalRate
        from audioSecond in OptionalRate
        from search in OptionalRate
        from toolCall in OptionalRate
        select new UnitRates(request, image, audioSecond, search, toolCall);

    private static readonly Gen<int> Permille = Gen.OneOf(Gen.Elements(1000, 500, 2000, 1100), Gen.Choose(1, 10_000));

    private static readonly Gen<PriceMultipliers> Multipliers =
        from batch in Permille
        from flex in Permille
        from priority in Permille
        from regional in Permille
        select new PriceMultipliers(batch, flex, priority, regional);

    public static readonly Gen<Price> Prices =
        from rates in Rates
        from limit in Gen.OneOf(Gen.Constant((long?)null), Gen.Choose(1, 300_000).Select(tokens => (long?)tokens))
        from longRates in Rates
        from multipliers in Multipliers
        from units in PieceRates
        select new Price(
            Guid.Empty, "openai", "model", DateTimeOffset.UnixEpoch, null, rates, limit, limit is null ? null : longRates, multipliers, "test")
        {
            Units = units,
        };

    private static readonly Gen<long> Tokens = Gen.OneOf(Gen.Constant(0L), Gen.Choose(0, 50).Select(n => (long)n), Gen.Choose(0, 2_000_000).Select(n => (long)n));

    private static readonly Gen<TokenUsage> Usages =
        from input in Tokens
        from cached in Tokens
        from write in Tokens
        from write1h in Tokens
        from output in Tokens
        from audioInput in Tokens
        from audioOutput in Tokens
        from imageInput in Tokens
        from imageOutput in Tokens
        select new TokenUsage(input, cached, write, write1h, output, output / 2, audioInput, audioOutput, imageInput, imageOutput);

    private static readonly Gen<UnitUsage> Pieces =
        from images in Gen.Choose(0, 12)
        from audio in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 90_000))
        from searches in Gen.Choose(0, 30)
        from toolCalls in Gen.Choose(0, 30)
        select new UnitUsage(images, audio, searches, toolCalls);

    /// <summary>A call at a price; every third prompt lies at the long-prompt limit, or one token beside it.</summary>
    public static readonly Gen<PricedCall> Calls =
        from price in Prices
        from usage in Usages
        from edge in Gen.Choose(-1, 7)
        from tier in Gen.Elements(Enum.GetValues<ServiceTier>())
        from regional in Gen.Elements(true, false)
        from units in Pieces
        from requests in Gen.Choose(0, 1)
        select new PricedCall(
            price, edge <= 1 && price.LongPromptAbove is { } limit ? AtPromptSize(usage, limit + edge) : usage, tier, regional, units, requests);

    public static CostOracle.OraclePrice ToOracle(Price price) => new(
        ToOracle(price.Rates), price.LongPromptAbove, price.LongRates is null ? null : ToOracle(price.LongRates),
        price.Multipliers.Batch / 1000m, price.Multipliers.Flex / 1000m, price.Multipliers.Priority / 1000m, price.Multipliers.Regional / 1000m,
        new CostOracle.OraclePieceRates(
            Dollars(price.Units.Request), Dollars(price.Units.Image), Dollars(price.Units.AudioSecond), Dollars(price.Units.Search), Dollars(price.Units.ToolCall)));

    public static CostOracle.OracleUsage ToOracle(TokenUsage usage) =>
        new(usage.Input, usage.CachedInput, usage.CacheWrite, usage.CacheWrite1h, usage.Output,
            usage.AudioInput, usage.AudioOutput, usage.ImageInput, usage.ImageOutput);

    public static CostOracle.OraclePieces ToOracle(UnitUsage units, long requests) =>
        new(requests, units.Images, units.AudioMilliseconds / 1000m, units.Searches, units.ToolCalls);

    private static CostOracle.OracleRates ToOracle(TokenRates rates) => new(
        Dollars(rates.Input)!.Value, Dollars(rates.Output)!.Value, Dollars(rates.CachedInput), Dollars(rates.CacheWrite), Dollars(rates.CacheWrite1h),
        Dollars(rates.AudioInput), Dollars(rates.AudioOutput), Dollars(rates.ImageInput), Dollars(rates.ImageOutput));

    private static decimal? Dollars(long? nano) => nano / 1_000_000_000m;

    private static TokenUsage AtPromptSize(TokenUsage usage, long prompt)
    {
        var cached = Math.Min(usage.CachedInput, prompt / 3);
        var write = Math.Min(usage.CacheWrite, prompt / 3);
        return new TokenUsage(prompt - cached - write, cached, write, 0, usage.Output, usage.Reasoning);
    }
}

/// <summary>A call to price.</summary>
internal sealed record PricedCall(Price Price, TokenUsage Usage, ServiceTier Tier, bool Regional, UnitUsage Units, long Requests)
{
    public CostBreakdown Calculate() => CostCalculator.Calculate(Price, Usage, Tier, Regional, Units, Requests);
}
