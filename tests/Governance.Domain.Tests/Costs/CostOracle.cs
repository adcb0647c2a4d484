namespace Governance.Domain.Tests.Costs;

/// <summary>
/// What one call costs, worked out apart from the price engine so that tests can compare the two.
/// Written from "What a price engine must express" in the provider wire facts:
/// <list type="bullet">
/// <item>The prompt is every prompt class together: uncached input, cached reads, 5-minute and 1-hour cache writes.</item>
/// <item>When the prompt is strictly above the threshold, every token of the request, output included, is at the long rates;
/// exactly at the threshold is still the lower rate.</item>
/// <item>A rate that is missing falls back within its own set: cached read to input, 5-minute cache write to input,
/// 1-hour cache write to 5-minute cache write. Reasoning tokens are output.</item>
/// <item>Audio and images that are told apart are prompt or answer too; without a rate of their own they cost what text there does.</item>
/// <item>The service tier, and the regional uplift where it applies, multiply the tokens of the whole request.</item>
/// <item>Pieces (the request itself, images, seconds of audio, searches, tool calls) cost their number times their rate, whatever the tier and
/// region; a piece without a rate costs nothing.</item>
/// <item>The amount is rounded once, at the end, to a whole nano-dollar, half to even.</item>
/// </list>
/// </summary>
internal static class CostOracle
{
    // USD per million tokens is 1e9 / 1e6 = 1000 nano-dollars per token. Multiplying by that keeps the sum exact,
    // where dividing by a million first could spend digits that a decimal does not have.
    private const decimal NanoUsdPerTokenForOneUsdPerMillion = 1_000m;

    /// <summary>The cost of one call in nano-dollars (1e-9 USD).</summary>
    public static long CostNanoUsd(OraclePrice price, OracleUsage usage, OraclePieces pieces, string tier, bool regional)
    {
        OracleRates rates = RatesFor(price, PromptTokens(usage));

        decimal cachedInput = rates.CachedInput ?? rates.Input;
        decimal cacheWrite = rates.CacheWrite ?? rates.Input;
        decimal cacheWrite1h = rates.CacheWrite1h ?? cacheWrite;

        decimal tokensTimesRate =
            (usage.Input * rates.Input)
            + (usage.CachedInput * cachedInput)
            + (usage.CacheWrite * cacheWrite)
            + (usage.CacheWrite1h * cacheWrite1h)
            + (usage.Output * rates.Output)
            + (usage.AudioInput * (rates.AudioInput ?? rates.Input))
            + (usage.ImageInput * (rates.ImageInput ?? rates.Input))
            + (usage.AudioOutput * (rates.AudioOutput ?? rates.Output))
            + (usage.ImageOutput * (rates.ImageOutput ?? rates.Output));

        decimal multiplier = TierMultiplier(price, tier) * (regional ? price.Regional : 1m);
        decimal nanoUsd = tokensTimesRate * NanoUsdPerTokenForOneUsdPerMillion * multiplier;
        nanoUsd += DollarsForPieces(price.Pieces, pieces) * 1_000_000_000m;

        return decimal.ToInt64(decimal.Round(nanoUsd, 0, MidpointRounding.ToEven));
    }

    private static decimal DollarsForPieces(OraclePieceRates rates, OraclePieces pieces)
    {
        decimal dollars = 0m;
        dollars += pieces.Requests * (rates.Request ?? 0m);
        dollars += pieces.Images * (rates.Image ?? 0m);
        dollars += pieces.AudioSeconds * (rates.AudioSecond ?? 0m);
        dollars += pieces.Searches * (rates.Search ?? 0m);
        dollars += pieces.ToolCalls * (rates.ToolCall ?? 0m);
        return dollars;
    }

    private static long PromptTokens(OracleUsage usage)
    {
        return checked(usage.Input + usage.CachedInput + usage.CacheWrite + usage.CacheWrite1h + usage.AudioInput + usage.ImageInput);
    }

    private static OracleRates RatesFor(OraclePrice price, long promptTokens)
    {
        if (price.LongThreshold is not long threshold || promptTokens <= threshold)
        {
            return price.Base;
        }

        return price.Long ?? throw new ArgumentException("A price with a long threshold needs long rates.", nameof(price));
    }

    private static decimal TierMultiplier(OraclePrice price, string tier)
    {
        return tier switch
        {
            "standard" => 1m,
            "batch" => price.Batch,
            "flex" => price.Flex,
            "priority" => price.Priority,
            _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "Unknown service tier."),
        };
    }

    /// <summary>Rates in US dollars per million tokens; a missing one falls back as the class describes.</summary>
    internal sealed record OracleRates(
        decimal Input,
        decimal Output,
        decimal? CachedInput,
        decimal? CacheWrite,
        decimal? CacheWrite1h,
        decimal? AudioInput,
        decimal? AudioOutput,
        decimal? ImageInput,
        decimal? ImageOutput);

    /// <summary>US dollars a piece; none where it is not charged.</summary>
    internal sealed record OraclePieceRates(decimal? Request, decimal? Image, decimal? AudioSecond, decimal? Search, decimal? ToolCall);

    /// <summary>What one call used beside tokens.</summary>
    internal sealed record OraclePieces(long Requests, long Images, decimal AudioSeconds, long Searches, long ToolCalls);

    /// <summary>A price: its rates, the prompt size above which the long rates hold, and its multipliers.</summary>
    internal sealed record OraclePrice(
        OracleRates Base,
        long? LongThreshold,
        OracleRates? Long,
        decimal Batch,
        decimal Flex,
        decimal Priority,
        decimal Regional,
        OraclePieceRates Pieces);

    /// <summary>The tokens of one call; <c>Input</c> is the uncached prompt only, <c>Output</c> includes reasoning.</summary>
    internal sealed record OracleUsage(
        long Input,
        long CachedInput,
        long CacheWrite,
        long CacheWrite1h,
        long Output,
        long AudioInput,
        long AudioOutput,
        long ImageInput,
        long ImageOutput);
}
