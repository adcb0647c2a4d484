namespace Governance.Domain.Costs;

/// <summary>The classes of tokens that providers price apart.</summary>
public enum TokenClass
{
    Input,
    CachedInput,
    CacheWrite,
    CacheWrite1h,
    Output,
    AudioInput,
    AudioOutput,
    ImageInput,
    ImageOutput,
}
