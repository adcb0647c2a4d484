namespace Governance.Domain.Costs;

/// <summary>The tokens of one call by the class they are priced in. The priced classes are disjoint; their sum is what the provider bills.</summary>
/// <param name="Input">Prompt tokens that were neither read from nor written to a cache, text unless the provider does not tell media apart.</param>
/// <param name="CachedInput">Prompt tokens read from the provider's cache.</param>
/// <param name="CacheWrite">Prompt tokens written to a cache of the shortest lifetime.</param>
/// <param name="CacheWrite1h">Prompt tokens written to a cache that lives an hour.</param>
/// <param name="Output">Completion tokens, reasoning included, and without what is counted as audio or images.</param>
/// <param name="Reasoning">How many of <paramref name="Output"/> were reasoning; informative, never priced again.</param>
/// <param name="AudioInput">Fresh prompt tokens of audio.</param>
/// <param name="AudioOutput">Tokens of audio in the answer.</param>
/// <param name="ImageInput">Fresh prompt tokens of images, where they are told apart.</param>
/// <param name="ImageOutput">Tokens of images in the answer.</param>
public readonly record struct TokenUsage(
    long Input = 0, long CachedInput = 0, long CacheWrite = 0, long CacheWrite1h = 0, long Output = 0, long Reasoning = 0,
    long AudioInput = 0, long AudioOutput = 0, long ImageInput = 0, long ImageOutput = 0)
{
    /// <summary>The whole prompt, which decides the prompt-size tier.</summary>
    public long Prompt => Input + CachedInput + CacheWrite + CacheWrite1h + AudioInput + ImageInput;

    /// <summary>The whole answer.</summary>
    public long Completion => Output + AudioOutput + ImageOutput;

    public long Total => Prompt + Completion;

    /// <summary>The tokens of a class.</summary>
    public long Of(TokenClass tokenClass) => tokenClass switch
    {
        TokenClass.Input => Input,
        TokenClass.CachedInput => CachedInput,
        TokenClass.CacheWrite => CacheWrite,
        TokenClass.CacheWrite1h => CacheWrite1h,
        TokenClass.Output => Output,
        TokenClass.AudioInput => AudioInput,
        TokenClass.AudioOutput => AudioOutput,
        TokenClass.ImageInput => ImageInput,
        TokenClass.ImageOutput => ImageOutput,
        _ => throw new ArgumentOutOfRangeException(nameof(tokenClass), tokenClass, "No such token class."),
    };
}
