namespace Governance.Infrastructure.Privacy;

/// <summary>What is to be kept of a call, in clear; it lives in memory alone.</summary>
/// <param name="OrganizationId">Whose call.</param>
/// <param name="CallId">Which.</param>
/// <param name="SubjectId">The end user it was made for.</param>
/// <param name="RetentionDays">How long it is kept.</param>
/// <param name="Prompt">The request's body, or its beginning; none if it is not kept.</param>
/// <param name="Completion">The answer's body, or its beginning; none if it is not kept.</param>
public sealed record CallContent(Guid OrganizationId, Guid CallId, Guid? SubjectId, int RetentionDays, ContentPiece? Prompt, ContentPiece? Completion)
{
    public int Length => (Prompt?.Bytes.Length ?? 0) + (Completion?.Bytes.Length ?? 0);

    /// <summary>A record would print its bytes' type only, but nobody shall rely on that.</summary>
    public override string ToString() => $"content of call {CallId:n}";
}

/// <summary>One side of a call.</summary>
/// <param name="Bytes">As they passed.</param>
/// <param name="Truncated">Whether they are only the beginning.</param>
public sealed record ContentPiece(ReadOnlyMemory<byte> Bytes, bool Truncated)
{
    /// <summary>The beginning of something, up to a bound.</summary>
    public static ContentPiece Of(ReadOnlyMemory<byte> bytes, int most) => bytes.Length <= most ? new ContentPiece(bytes, false) : new ContentPiece(bytes[..most].ToArray(), true);
}
