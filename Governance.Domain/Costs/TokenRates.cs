namespace Governance.Domain.Costs;

/// <summary>What a million tokens of each class costs, in nano-dollars.</summary>
/// <param name="Input">Fresh prompt tokens.</param>
/// <param name="Output">Completion tokens.</param>
/// <param name="CachedInput">Cached reads; where the provider names no rate, they cost what fresh ones do.</param>
/// <param name="CacheWrite">Cache writes; where the provider names no rate, they cost what fresh prompt tokens do.</param>
/// <param name="CacheWrite1h">One-hour cache writes; where the provider names no rate, they cost what other writes do.</param>
public sealed record TokenRates(long Input, long Output, long? CachedInput = null, long? CacheWrite = null, long? CacheWrite1h = null)
{
    public long For(TokenClass tokenClass) => tokenClass switch
    {
        TokenClass.Input => Input,
        TokenClass.CachedInput => CachedInput ?? Input,
        TokenClass.CacheWrite => CacheWrite ?? Input,
        TokenClass.CacheWrite1h => CacheWrite1h ?? CacheWrite ?? Input,
        TokenClass.Output => Output,
        _ => throw new ArgumentOutOfRangeException(nameof(tokenClass), tokenClass, "No such token class."),
    };
}
