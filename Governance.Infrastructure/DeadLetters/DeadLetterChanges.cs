using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>What is done to items, each a statement over however many there are. What a process works on at the moment is left alone.</summary>
internal static class DeadLetterChanges
{
    /// <summary>Has them tried again, under the same ids and with as many attempts as new ones.</summary>
    public static Task<int> RetryAsync(this IQueryable<WorkItem> items, DateTimeOffset now, CancellationToken cancellation) =>
        items.Idle(now).ExecuteUpdateAsync(
            set => set
                .SetProperty(item => item.State, WorkState.Waiting)
                .SetProperty(item => item.DueAt, now)
                .SetProperty(item => item.Attempts, 0)
                .SetProperty(item => item.QuarantinedAt, (DateTimeOffset?)null)
                .SetProperty(item => item.Version, item => item.Version + 1),
            cancellation);

    public static Task<int> DiscardAsync(this IQueryable<WorkItem> items, DateTimeOffset now, CancellationToken cancellation) =>
        items.Idle(now).ExecuteDeleteAsync(cancellation);

    /// <summary>Gives one another payload, and has it tried at once.</summary>
    public static Task<int> EditAsync(this IQueryable<WorkItem> item, string payload, DateTimeOffset now, CancellationToken cancellation) =>
        item.Idle(now).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Payload, payload)
                .SetProperty(row => row.State, WorkState.Waiting)
                .SetProperty(row => row.DueAt, now)
                .SetProperty(row => row.Attempts, 0)
                .SetProperty(row => row.QuarantinedAt, (DateTimeOffset?)null)
                .SetProperty(row => row.Version, row => row.Version + 1),
            cancellation);

    private static IQueryable<WorkItem> Idle(this IQueryable<WorkItem> items, DateTimeOffset now) =>
        items.Where(item => item.LockedUntil == null || item.LockedUntil < now);
}
