namespace Governance.Infrastructure.Costs;

/// <summary>A price to add, in US dollars per million tokens, or for a piece. Empty rates fall back as in <see cref="Domain.Costs.TokenRates"/>.</summary>
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

    public decimal? AudioInput { get; init; }

    public decimal? AudioOutput { get; init; }

    public decimal? ImageInput { get; init; }

    public decimal? ImageOutput { get; init; }

    /// <summary>Dollars a request; pieces without a rate are not charged.</summary>
    public decimal? PerRequest { get; init; }

    /// <summary>Dollars an image.</summary>
    public decimal? PerImage { get; init; }

    /// <summary>Dollars a second of audio.</summary>
    public decimal? PerAudioSecond { get; init; }

    /// <summary>Dollars a search.</summary>
    public decimal? PerSearch { get; init; }

    /// <summary>Dollars a call of another tool of the provider.</summary>
    public decimal? PerToolCall { get; init; }

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
