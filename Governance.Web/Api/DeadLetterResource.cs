using Governance.Domain;
using Governance.Infrastructure.DeadLetters;

namespace Governance.Web.Api;

/// <summary>A piece of work, without its payload.</summary>
/// <param name="WorkId">Its id, the same through all retries.</param>
/// <param name="Kind">What sort of work it is.</param>
/// <param name="State">How it stands.</param>
/// <param name="Cause">What it is done for, where that is one thing.</param>
/// <param name="Attempts">How often it failed since it was written or last retried by somebody.</param>
/// <param name="LastError">Why it failed last.</param>
/// <param name="ErrorPattern">What that error has in common with others.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="DueAt">When it is tried next, while it waits.</param>
/// <param name="StoppedAt">Since when a person has to look at it.</param>
/// <param name="History">The last attempts, newest first; null in lists.</param>
public sealed record DeadLetterResource(
    string WorkId, string Kind, DeadLetterState State, string? Cause, int Attempts, string? LastError, string? ErrorPattern, DateTimeOffset CreatedAt, DateTimeOffset DueAt,
    DateTimeOffset? StoppedAt, IReadOnlyList<DeadLetterAttemptResource>? History)
{
    internal static DeadLetterResource From(DeadLetterRow row, DeadLetterDetail? detail = null) => new(
        row.PublicId, row.Kind, row.State, row.Cause, row.Attempts, row.Error, row.Pattern, row.CreatedAt, row.DueAt, row.StoppedAt,
        detail is null ? null : [.. detail.History.Select(attempt => new DeadLetterAttemptResource(attempt.At, attempt.Error))]);
}

/// <summary>A failed attempt.</summary>
/// <param name="FailedAt">When it had failed.</param>
/// <param name="Error">Why.</param>
public sealed record DeadLetterAttemptResource(DateTimeOffset FailedAt, string Error);

/// <summary>A page of work.</summary>
/// <param name="Items">The work, newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record DeadLetterList(IReadOnlyList<DeadLetterResource> Items, string? Next);

/// <summary>What came of a command.</summary>
/// <param name="Count">How many it was done to at once.</param>
/// <param name="OperationId">What is under way in the background; null if nothing is.</param>
/// <param name="ApprovalId">What waits for a second person; null if nobody has to agree.</param>
public sealed record DeadLetterOutcomeResource(long Count, string? OperationId, string? ApprovalId)
{
    internal static DeadLetterOutcomeResource From(DeadLetterOutcome outcome) => new(
        outcome.Count,
        outcome.BulkId is { } bulk ? PublicId.Format(PublicId.Bulk, bulk) : null,
        outcome.ApprovalId is { } approval ? PublicId.Format(PublicId.Approval, approval) : null);
}

/// <summary>Something done to many pieces of work.</summary>
/// <param name="OperationId">Which one.</param>
/// <param name="Action">What is done.</param>
/// <param name="State">How far it is.</param>
/// <param name="Matched">How many there were to begin with.</param>
/// <param name="Done">How many it was done to so far.</param>
/// <param name="RequestedAt">When it was begun.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
public sealed record DeadLetterOperationResource(
    string OperationId, DeadLetterBulkAction Action, DeadLetterBulkState State, long Matched, long Done, DateTimeOffset RequestedAt, DateTimeOffset? EndedAt)
{
    internal static DeadLetterOperationResource From(DeadLetterBulk bulk) => new(bulk.PublicId, bulk.Action, bulk.State, bulk.Matched, bulk.Done, bulk.RequestedAt, bulk.EndedAt);
}

/// <summary>The operations.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Always null: they come whole.</param>
public sealed record DeadLetterOperationList(IReadOnlyList<DeadLetterOperationResource> Items, string? Next);
