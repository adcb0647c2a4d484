using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>A work item as lists show it, without its payload.</summary>
public sealed record DeadLetterRow
{
    public Guid Id { get; init; }

    public required string Kind { get; init; }

    public DeadLetterState State { get; init; }

    public string? Cause { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public int Attempts { get; init; }

    public string? Error { get; init; }

    public string? Pattern { get; init; }

    public int Version { get; init; }

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.WorkItem, Id);

}

/// <summary>A work item with what may be seen of it, and what may be done.</summary>
/// <param name="Row">The item.</param>
/// <param name="Traits">What it is.</param>
/// <param name="Payload">What it holds, as indented JSON; none if that is not to be seen.</param>
/// <param name="History">Its last attempts, newest first.</param>
/// <param name="PendingApprovals">Public ids of what somebody proposed about it and nobody decided yet.</param>
public sealed record DeadLetterDetail(DeadLetterRow Row, WorkTraits Traits, string? Payload, IReadOnlyList<WorkAttempt> History, IReadOnlyList<string> PendingApprovals);

/// <summary>Work that failed alike.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Pattern">What its errors have in common; none if there is no error yet.</param>
/// <param name="State">How it stands.</param>
/// <param name="Count">How much it is.</param>
/// <param name="Oldest">When the oldest was written.</param>
/// <param name="Newest">When the newest was written.</param>
public sealed record DeadLetterGroup(string Kind, string? Pattern, DeadLetterState State, long Count, DateTimeOffset Oldest, DateTimeOffset Newest);

/// <summary>How much there is, of all kinds.</summary>
/// <param name="Waiting">Tried when due.</param>
/// <param name="Overdue">Of those, due already.</param>
/// <param name="Working">Being worked on.</param>
/// <param name="Quarantined">Failed too often.</param>
/// <param name="Manual">Needs a person.</param>
/// <param name="Oldest">When the oldest item that is stopped was written.</param>
/// <param name="Alarm">The alarm that holds, if one does.</param>
public sealed record DeadLetterSummary(long Waiting, long Overdue, long Working, long Quarantined, long Manual, DateTimeOffset? Oldest, DeadLetterAlarm? Alarm)
{
    public long Stopped => Quarantined + Manual;
}
