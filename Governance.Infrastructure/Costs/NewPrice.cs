namespace Governance.Infrastructure.Costs;

/// <summary>A price to add, in US dollars per million tokens. Empty rates fall back as in <see cref="Domain.Costs.TokenRates"/>.</summary>
public sealed record NewPrice
{
    public required string Provider { get; init; }

    public required string Model { get; init; }

    /// <summary>From when it holds; none for right away. The past cannot be repriced.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    public required decimal Input { get; init; }

    public required decimal Output { get; init; }

    public decimal? CachedInput { get; init; }

    public decimal? CacheWrite { get; init; }

    public decimal? CacheWrite1h { get; init; }

    /// <summary>Above this many prompt tokens the long rates hold for the whole request.</summary>
    public long? LongPromptAbove { get; init; }

    public decimal? LongInput { get; init; }

    public decimal? LongOutput { get; init; }

    public decimal? LongCachedInput { get; init; }

    public decimal? LongCacheWrite { get; init; }

    /// <summary>Multipliers on the whole request.</summary>
    public decimal Batch { get; init; } = 1;

    public decimal Flex { get; init; } = 1;

    public decimal Priority { get; init; } = 1;

    /// <summary>Where the price was read: a URL, a contract, an offer.</summary>
    public required string Source { get; init; }

    public string? Notes { get; init; }
}
