using System.Text.Json;
using Governance.Domain.Costs;

namespace Governance.Domain.Proxy;

/// <summary>
/// Reads the facts of one answer as it passes: a whole body, or one frame of a stream after another. It keeps counts and short texts, never
/// content. What it cannot read is <see cref="AnswerPart.Garbage"/>; it never throws over what a provider sent.
/// </summary>
public abstract class AnswerReader
{
    /// <summary>The model the provider says it ran.</summary>
    public string? Model { get; protected set; }

    /// <summary>The service tier the provider says it served.</summary>
    public string? ServiceTier { get; protected set; }

    /// <summary>What the provider reported; none until it did. A later report replaces an earlier one.</summary>
    public TokenUsage? Usage { get; protected set; }

    /// <summary>What is known of the prompt while the answer is not complete; its output counts are 0 and say nothing.</summary>
    public TokenUsage? PromptUsage { get; protected set; }

    /// <summary>What the provider reported that is priced by the piece.</summary>
    public UnitUsage Units { get; protected set; }

    /// <summary>The code of an error inside the answer, where there was one.</summary>
    public string? ErrorCode { get; protected set; }

    /// <summary>How long the caller should wait, where the provider says so in the body of an error alone.</summary>
    public TimeSpan? RetryAfter { get; protected set; }

    /// <summary>Bytes of generated text, from which tokens are estimated when the provider reported none.</summary>
    public long ContentBytes { get; protected set; }

    /// <summary>Whether at least one document could be read.</summary>
    public bool Understood { get; private set; }

    /// <summary>Reads facts that stand in the answer's head.</summary>
    /// <param name="header">A header's value by its name, in any case; none if the provider did not send it.</param>
    public virtual void ReadHead(Func<string, string?> header)
    {
    }

    /// <summary>Reads an answer that is not streamed, or the explanation of an error status.</summary>
    public AnswerPart ReadBody(ReadOnlySpan<byte> body) => Guarded(body, default, isFrame: false);

    /// <summary>Reads one frame of a stream.</summary>
    public AnswerPart ReadFrame(StreamFrame frame) => Guarded(frame.Data, frame.Name, isFrame: true);

    /// <summary>Reads a whole body.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    protected abstract AnswerPart Body(ReadOnlySpan<byte> body);

    /// <summary>Reads one frame of a stream.</summary>
    /// <exception cref="JsonException">Its data is no JSON.</exception>
    protected abstract AnswerPart Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);

    private AnswerPart Guarded(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name, bool isFrame)
    {
        try
        {
            var part = isFrame ? Frame(name, data) : Body(data);
            Understood |= part != AnswerPart.Garbage;
            return part;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return AnswerPart.Garbage;
        }
    }
}
