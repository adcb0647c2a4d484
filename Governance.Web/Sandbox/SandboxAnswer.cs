using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Proxy;

namespace Governance.Web.Sandbox;

/// <summary>What the sandbox says: the same words and the same counts for the same model and prompt, in whichever format. There is no model behind it.</summary>
internal sealed class SandboxAnswer
{
    public const int MaxWords = 400;

    private static readonly string[] Vocabulary =
    [
        "budget", "ledger", "forecast", "policy", "audit", "invoice", "team", "token", "model", "usage", "price", "report",
        "is", "shows", "follows", "covers", "explains", "confirms", "the", "a", "each", "every", "monthly", "clear", "complete",
    ];

    private readonly byte[] _seed;

    /// <param name="model">The model asked for.</param>
    /// <param name="prompt">All that the model would read.</param>
    /// <param name="limit">The most words; one word is one token here.</param>
    public SandboxAnswer(string model, string prompt, long? limit)
    {
        _seed = SHA256.HashData(Encoding.UTF8.GetBytes(model + prompt));
        Model = model;
        Script = SandboxScript.Of(prompt);
        var count = Math.Min(12 + (_seed[8] % 60), (int)Math.Clamp(limit ?? MaxWords, 1, MaxWords));
        Words = [.. Enumerable.Range(0, count).Select(i => Vocabulary[(_seed[i % 32] + i) % Vocabulary.Length])];
        PromptTokens = TokenEstimate.FromBytes(Encoding.UTF8.GetByteCount(prompt));
    }

    public string Model { get; }

    /// <summary>What goes wrong with it, if the prompt asks for that.</summary>
    public SandboxScript Script { get; }

    public IReadOnlyList<string> Words { get; }

    public string Text => string.Join(' ', Words);

    /// <summary>The words with the spaces between them, as a stream has them.</summary>
    public IEnumerable<string> Pieces => Words.Select((word, index) => index == 0 ? word : " " + word);

    public long PromptTokens { get; }

    public long OutputTokens => Words.Count;

    /// <summary>An id in a provider's style.</summary>
    public string Id(string prefix) => $"{prefix}sandbox{Convert.ToHexStringLower(_seed.AsSpan(0, 8))}";
}
