namespace Governance.Domain.Costs;

/// <summary>One version of the price of one model: it holds from a moment to a moment and is never edited.</summary>
/// <param name="Id">The price version that cost rows name.</param>
/// <param name="Provider">The provider's id, such as <c>openai</c>.</param>
/// <param name="Model">The provider's model id, without a date suffix unless the dated model has a price of its own.</param>
/// <param name="EffectiveFrom">The first moment at which it holds.</param>
/// <param name="EffectiveTo">The first moment at which it no longer holds; none for a price without a known end.</param>
/// <param name="Rates">Rates up to and at <paramref name="LongPromptAbove"/> prompt tokens.</param>
/// <param name="LongPromptAbove">Strictly above this prompt size every token of the request is billed at <paramref name="LongRates"/>.</param>
/// <param name="LongRates">Rates of long prompts; present exactly when <paramref name="LongPromptAbove"/> is.</param>
/// <param name="Multipliers">Factors on the whole request.</param>
/// <param name="Source">Where the price was read.</param>
public sealed record Price(
    Guid Id,
    string Provider,
    string Model,
    DateTimeOffset EffectiveFrom,
    DateTimeOffset? EffectiveTo,
    TokenRates Rates,
    long? LongPromptAbove,
    TokenRates? LongRates,
    PriceMultipliers Multipliers,
    string Source)
{
    /// <summary>What is priced by the piece, beside the tokens.</summary>
    public UnitRates Units { get; init; } = UnitRates.None;

    /// <summary>How many tokens prompt and answer may have together; none where it is not known.</summary>
    public long? ContextWindow { get; init; }

    public bool HoldsAt(DateTimeOffset at) => EffectiveFrom <= at && (EffectiveTo is null || at < EffectiveTo);
}
