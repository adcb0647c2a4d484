using Governance.Domain.Privacy;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Options;

namespace Governance.Web.Proxy;

/// <summary>
/// Decides once before a call whether its content is kept, and hands it over after the call is settled. Nothing that goes wrong here
/// reaches the call.
/// </summary>
internal sealed class ContentCapture(CaptureRuleDirectory rules, ContentWriter writer, IOptions<ContentCaptureOptions> options)
{
    /// <summary>What is to be kept of a call; none where no rule says so.</summary>
    public async ValueTask<ContentTee?> BeginAsync(Call call)
    {
        try
        {
            return await rules.FindAsync(call.OrganizationId, call.ApplicationId, call.DataClass, CancellationToken.None) is { } rule
                ? new ContentTee(rule, options.Value.MaxBytesPerSide)
                : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            writer.Miss(call.OrganizationId, call.Id, exception);
            return null;
        }
    }

    /// <summary>Hands over what passed.</summary>
    public void End(ContentTee? tee, Call call, byte[] body)
    {
        if (tee is null) return;
        var prompt = tee.Rule.KeepsPrompts && body.Length > 0 ? ContentPiece.Of(body, options.Value.MaxBytesPerSide) : null;
        if (prompt is not null || tee.Completion is not null)
            writer.Take(new CallContent(call.OrganizationId, call.Id, call.SubjectId, tee.Rule.RetentionDays, prompt, tee.Completion));
    }
}

/// <summary>Keeps the beginning of an answer while it is relayed.</summary>
internal sealed class ContentTee(CaptureChoice rule, int most)
{
    private MemoryStream? _answer;
    private bool _truncated;

    public CaptureChoice Rule => rule;

    /// <summary>What was kept of the answer; none if there was none, or it is not kept.</summary>
    public ContentPiece? Completion => _answer is { } answer ? new ContentPiece(answer.GetBuffer().AsMemory(0, (int)answer.Length), _truncated) : null;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!rule.KeepsCompletions || bytes.IsEmpty) return;
        _answer ??= new MemoryStream();
        var room = most - (int)_answer.Length;
        _truncated |= bytes.Length > room;
        if (room > 0) _answer.Write(bytes[..Math.Min(room, bytes.Length)]);
    }
}
