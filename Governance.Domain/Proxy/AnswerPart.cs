namespace Governance.Domain.Proxy;

/// <summary>What one document of a provider's answer is: the whole body, or one frame of a stream.</summary>
public enum AnswerPart
{
    /// <summary>Part of the answer, or all of it.</summary>
    Content,

    /// <summary>Usage and nothing else, as the last but one event of OpenAI's streams carries it; a stream is whole with it.</summary>
    UsageOnly,

    /// <summary>The end of a stream, which is whole with it.</summary>
    End,

    /// <summary>An error, also inside a stream that began well.</summary>
    Error,

    /// <summary>Not a document of this API.</summary>
    Garbage,
}
