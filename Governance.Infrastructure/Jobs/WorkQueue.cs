using Governance.Domain.Jobs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Jobs;

/// <summary>
/// Drains the table of durable work. An item is claimed with a lock that expires, so that a process that dies does not keep it;
/// it is done at least once.
/// </summary>
internal sealed class WorkQueue(
    GovernanceDatabase database, IEnumerable<IWorkHandler> handlers, TimeProvider time, IOptions<WorkQueueOptions> options, ILogger<WorkQueue> logger)
    : IJob
{
    private const int BatchSize = 50;
    private const int MaxErrorLength = 2000;
    private static readonly TimeSpan Lock = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, IWorkHandler> _handlers = handlers.ToDictionary(handler => handler.Kind);

    public string Name => "work-queue";

    public TimeSpan Interval => options.Value.PollInterval;

    public JobScope Scope => JobScope.EveryProcess;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            await using var db = database.AcrossOrganizations();
            var due = await db.WorkItems.AsNoTracking()
                .Where(item => item.QuarantinedAt == null && item.DueAt <= now && (item.LockedUntil == null || item.LockedUntil < now))
                .OrderBy(item => item.DueAt).ThenBy(item => item.Id)
                .Take(BatchSize)
                .ToListAsync(cancellation);
            foreach (var item in due)
            {
                if (await TryClaimAsync(db, item, cancellation) is { } lockedUntil) await AttemptAsync(db, item, lockedUntil, cancellation);
            }

            if (due.Count < BatchSize) return;
        }
    }

    /// <summary>Takes the item, unless another worker has it or has tried it since it was read.</summary>
    /// <returns>The lock's end, which no other worker's lock has, so that it also says whose lock it is.</returns>
    private async Task<DateTimeOffset?> TryClaimAsync(GovernanceDbContext db, WorkItem item, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var until = now + Lock;
        var claimed = await db.WorkItems
            .Where(row => row.Id == item.Id && row.Attempts == item.Attempts
                && row.QuarantinedAt == null && (row.LockedUntil == null || row.LockedUntil < now))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, until), cancellation);
        return claimed == 1 ? until : null;
    }

    private async Task AttemptAsync(GovernanceDbContext db, WorkItem item, DateTimeOffset lockedUntil, CancellationToken cancellation)
    {
        try
        {
            if (!_handlers.TryGetValue(item.Kind, out var handler))
                throw new InvalidOperationException($"Nothing here handles work of the kind '{item.Kind}'.");
            await handler.HandleAsync(item, cancellation);
            if (await Held(db, item, lockedUntil).ExecuteDeleteAsync(cancellation) == 0) Log.WorkLockLost(logger, null, item.Kind, item.Id);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            await RecordFailureAsync(db, item, lockedUntil, exception, cancellation);
        }
    }

    private async Task RecordFailureAsync(
        GovernanceDbContext db, WorkItem item, DateTimeOffset lockedUntil, Exception exception, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var attempts = item.Attempts + 1;
        var dueAt = now + Backoff.After(attempts, options.Value.FirstRetry, options.Value.LongestRetry);
        DateTimeOffset? quarantinedAt = attempts >= options.Value.MaxAttempts ? now : null;
        var error = exception.Message.Length <= MaxErrorLength ? exception.Message : exception.Message[..MaxErrorLength];
        var recorded = await Held(db, item, lockedUntil).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Attempts, attempts)
                .SetProperty(row => row.DueAt, dueAt)
                .SetProperty(row => row.LastError, error)
                .SetProperty(row => row.QuarantinedAt, quarantinedAt)
                .SetProperty(row => row.LockedUntil, (DateTimeOffset?)null),
            cancellation);
        if (recorded == 1) Log.WorkFailed(logger, exception, item.Kind, item.Id, attempts, quarantinedAt is not null);
        else Log.WorkLockLost(logger, exception, item.Kind, item.Id);
    }

    /// <summary>The item, as long as it is this worker's: after the lock's end another one may have taken it.</summary>
    private static IQueryable<WorkItem> Held(GovernanceDbContext db, WorkItem item, DateTimeOffset lockedUntil) =>
        db.WorkItems.Where(row => row.Id == item.Id && row.LockedUntil == lockedUntil);
}
