namespace Governance.Domain.Costs;

/// <summary>What a million tokens of each class costs, in nano-dollars.</summary>
/// <param name="Input">Fresh prompt tokens.</param>
/// <param name="Output">Completion tokens.</param>
/// <param name="CachedInput">Cached reads; where the provider names no rate, they cost what fresh ones do.</param>
/// <param name="CacheWrite">Cache writes; where the provider names no rate, they cost what fresh prompt tokens do.</param>
/// <param name="CacheWrite1h">One-hour cache writes; where the provider names no rate, they cost what other writes do.</param>
/// <param name="AudioInput">Audio in the prompt; where the provider names no rate, it costs what text does. So with the three that follow.</param>
/// <param name="AudioOutput">Audio in the answer.</param>
/// <param name="ImageInput">Images in the prompt.</param>
/// <param name="ImageOutput">Images in the answer.</param>
public sealed record TokenRates(
    long Input, long Output, long? CachedInput = null, long? CacheWrite = null, long? CacheWrite1h = null,
    long? AudioInput = null, long? AudioOutput = null, long? ImageInput = null, long? ImageOutput = null)
{
    public long For(TokenClass tokenClass) => tokenClass switch
    {
        TokenClass.Input => Input,
        TokenClass.CachedInput => CachedInput ?? Input,
        TokenClass.CacheWrite => CacheWrite ?? Input,
        TokenClass.CacheWrite1h => CacheWrite1h ?? CacheWrite ?? Input,
        TokenClass.Output => Output,
        TokenClass.AudioInput => AudioInput ?? Input,
        TokenClass.AudioOutput => AudioOutput ?? Output,
        TokenClass.ImageInput => ImageInput ?? Input,
        TokenClass.ImageOutput => ImageOutput ?? Output,
        _ => throw new ArgumentOutOfRangeException(nameof(tokenClass), tokenClass, "No such token class."),
    };
}
