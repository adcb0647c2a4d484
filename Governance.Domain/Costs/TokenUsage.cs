namespace Governance.Domain.Costs;

/// <summary>The tokens of one call by the class they are priced in. The five priced classes are disjoint; their sum is what the provider bills.</summary>
/// <param name="Input">Prompt tokens that were neither read from nor written to a cache.</param>
/// <param name="CachedInput">Prompt tokens read from the provider's cache.</param>
/// <param name="CacheWrite">Prompt tokens written to a cache of the shortest lifetime.</param>
/// <param name="CacheWrite1h">Prompt tokens written to a cache that lives an hour.</param>
/// <param name="Output">Completion tokens, reasoning included.</param>
/// <param name="Reasoning">How many of <paramref name="Output"/> were reasoning; informative, never priced again.</param>
public readonly record struct TokenUsage(
    long Input = 0, long CachedInput = 0, long CacheWrite = 0, long CacheWrite1h = 0, long Output = 0, long Reasoning = 0)
{
    /// <summary>The whole prompt, which decides the prompt-size tier.</summary>
    public long Prompt => Input + CachedInput + CacheWrite + CacheWrite1h;

    public long Total => Prompt + Output;
}
