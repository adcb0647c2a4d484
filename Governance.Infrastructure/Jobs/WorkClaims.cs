using Governance.Domain.Jobs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Jobs;

/// <summary>
/// Items that a process takes for itself, and what became of them. A claim is one statement over many items; it carries a lock that
/// expires, and that counts for nothing once its process is dead; its end tells whose lock it is.
/// </summary>
internal sealed class WorkClaims(GovernanceDatabase database, ProcessRegistry process, TimeProvider time, IOptions<WorkQueueOptions> options)
{
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(5);

    /// <summary>The kinds of which something is due: each known one asked for by itself, which an index answers however much waits.</summary>
    public async Task<IReadOnlyList<string>> DueKindsAsync(IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (me, alive) = (process.InstanceId, process.AliveSince(now));
        await using var db = database.AcrossOrganizations();
        var due = db.WorkItems.Where(item => item.State == WorkState.Waiting && item.DueAt <= now
            && (item.LockedUntil == null || item.LockedUntil < now
                || (item.LockedBy != me && !db.ProcessInstances.Any(instance => instance.Id == item.LockedBy && instance.LastSeenAt >= alive))));
        var kinds = await due.Where(item => !known.Contains(item.Kind)).Select(item => item.Kind).Distinct().ToListAsync(cancellation);
        foreach (var kind in known)
        {
            if (await due.AnyAsync(item => item.Kind == kind, cancellation)) kinds.Add(kind);
        }

        return kinds;
    }

    /// <summary>Takes the items of a kind that waited longest. What another process takes at the same moment is passed over, not waited for.</summary>
    /// <returns>The items, locked until <see cref="WorkItem.LockedUntil"/>.</returns>
    public async Task<IReadOnlyList<WorkItem>> ClaimAsync(string kind, int most, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var until = now + Lock;
        await using var db = database.AcrossOrganizations();
        var statement = Statement(skipLocked: database.Provider == DatabaseProvider.Postgres);
        var claim = db.WorkItems.FromSqlRaw(statement, Moment(until), kind, Moment(now), most, process.InstanceId, Moment(process.AliveSince(now))).AsNoTracking();
        var claimed = await claim.ToListAsync(cancellation); // It cannot be composed over, nor be sorted by the database.
        return [.. claimed.OrderBy(item => item.DueAt).ThenBy(item => item.Id)];
    }

    /// <summary>Removes what was done.</summary>
    /// <returns>How many of them were still this claim's.</returns>
    public async Task<int> CompleteAsync(IReadOnlyList<WorkItem> done, CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        return await Held(db, done).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Gives back what was not begun.</summary>
    public async Task ReleaseAsync(IReadOnlyList<WorkItem> items, CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        await Held(db, items).ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, (DateTimeOffset?)null), cancellation);
    }

    /// <summary>Records a failed attempt and what follows from it.</summary>
    /// <returns>Where the item stands now; none if it was not this claim's any more.</returns>
    public async Task<WorkState?> FailAsync(WorkItem item, Exception exception, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var attempts = item.Attempts + 1;
        var state = exception is NeedsPersonException ? WorkState.Manual
            : attempts >= options.Value.MaxAttempts ? WorkState.Quarantined
            : WorkState.Waiting;
        var dueAt = now + Backoff.After(attempts, options.Value.FirstRetry, options.Value.LongestRetry);
        DateTimeOffset? stoppedAt = state == WorkState.Waiting ? null : now;
        var error = exception.Message.Length <= WorkItemConfiguration.MaxError ? exception.Message : exception.Message[..WorkItemConfiguration.MaxError];
        var pattern = ErrorPattern.Of(error);
        IReadOnlyList<WorkAttempt> history = [.. item.History.Append(new WorkAttempt(now, error)).TakeLast(WorkItem.MaxHistory)];
        await using var db = database.AcrossOrganizations();
        var recorded = await Held(db, [item]).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.State, state)
                .SetProperty(row => row.Attempts, attempts)
                .SetProperty(row => row.DueAt, dueAt)
                .SetProperty(row => row.LastError, error)
                .SetProperty(row => row.ErrorPattern, pattern)
                .SetProperty(row => row.History, history)
                .SetProperty(row => row.QuarantinedAt, stoppedAt)
                .SetProperty(row => row.Version, row => row.Version + 1)
                .SetProperty(row => row.LockedUntil, (DateTimeOffset?)null),
            cancellation);
        return recorded == 1 ? state : null;
    }

    /// <summary>The items of one claim, as long as they are its own: after the lock's end another process may have taken them.</summary>
    private static IQueryable<WorkItem> Held(GovernanceDbContext db, IReadOnlyList<WorkItem> items)
    {
        var until = items[0].LockedUntil;
        if (items.Count > 1)
        {
            var ids = items.Select(item => item.Id).ToList();
            return db.WorkItems.Where(row => ids.Contains(row.Id) && row.LockedUntil == until);
        }

        var id = items[0].Id;
        return db.WorkItems.Where(row => row.Id == id && row.LockedUntil == until);
    }

    private static string Statement(bool skipLocked) =>
        $$"""
        UPDATE "WorkItems" SET "LockedUntil" = {0}, "LockedBy" = {4}
        WHERE "Id" IN (
            SELECT "Id" FROM "WorkItems" AS item
            WHERE "State" = 'Waiting' AND "Kind" = {1} AND "DueAt" <= {2} AND (
                "LockedUntil" IS NULL OR "LockedUntil" < {2}
                OR ("LockedBy" <> {4} AND NOT EXISTS (SELECT 1 FROM "ProcessInstances" AS process WHERE process."Id" = item."LockedBy" AND process."LastSeenAt" >= {5})))
            ORDER BY "DueAt", "Id" LIMIT {3}{{(skipLocked ? " FOR UPDATE OF item SKIP LOCKED" : "")}})
        RETURNING *
        """;

    /// <summary>As the database keeps it.</summary>
    private object Moment(DateTimeOffset at) => database.Provider == DatabaseProvider.Sqlite ? at.UtcTicks : at;
}
