namespace Governance.Domain.Proxy.OpenAi;

/// <summary>What one JSON document of a chat-completions answer is.</summary>
public enum ChatDocument
{
    /// <summary>Part of the answer, or all of it.</summary>
    Content,

    /// <summary>The last chunk of a stream: usage, and no choices.</summary>
    UsageOnly,

    /// <summary>An error object.</summary>
    Error,

    /// <summary>Not a document of this API.</summary>
    Garbage,
}
