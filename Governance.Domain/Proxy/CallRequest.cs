namespace Governance.Domain.Proxy;

/// <summary>What the proxy needs to know of a request, whichever API it is of.</summary>
/// <param name="Model">The model, deployment or inference profile asked for; none where the API names none.</param>
public sealed record CallRequest(string? Model)
{
    public const int MaxModelLength = 200;
    public const int MaxUserLength = 512;
    public const int MaxTierLength = 64;

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the proxy asks the provider for usage that the caller did not ask for and must not see.</summary>
    public bool WithholdUsage { get; init; }

    /// <summary>The caller's end-user id, if it sent one.</summary>
    public string? User { get; init; }

    /// <summary>The service tier asked for, if any.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The caller's own bound on the answer, in tokens.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>How many answers were asked for at once, each as long as <see cref="MaxOutputTokens"/> at most.</summary>
    public long Answers { get; init; } = 1;

    /// <summary>Whether it goes on with a conversation that the provider keeps, so that asking twice is not asking the same.</summary>
    public bool Stateful { get; init; }

    /// <summary>Bytes of what the model reads: messages, system prompt, tools; from these tokens are estimated where the provider reports none.</summary>
    public long PromptBytes { get; init; }
}
