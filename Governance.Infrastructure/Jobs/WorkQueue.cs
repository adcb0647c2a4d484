using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Jobs;

/// <summary>
/// Drains the table of durable work; an item is done at least once. Each kind has a lane of its own, so that a slow one keeps no other
/// waiting. A lane takes few items at a time until they prove to be quick.
/// </summary>
internal sealed class WorkQueue(WorkClaims claims, WorkKinds kinds, TimeProvider time, IOptions<WorkQueueOptions> options, ILogger<WorkQueue> logger) : IJob
{
    private const int MaxBatch = 512;
    private const int Growth = 4;

    /// <summary>A batch that was done within it was quick: the next one may be larger.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    /// <summary>After a batch that took longer, one begins small again.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    /// <summary>Claims that this process could not finish, because the database was away: nobody works on them, although their lock says so.</summary>
    private readonly ConcurrentQueue<IReadOnlyList<WorkItem>> _abandoned = new();

    public string Name => "work-queue";

    public TimeSpan Interval => options.Value.PollInterval;

    public JobScope Scope => JobScope.EveryProcess;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (_abandoned.TryPeek(out var abandoned))
        {
            await claims.ReleaseAsync(abandoned, cancellation);
            _abandoned.TryDequeue(out _);
        }

        // While one lane is at work, what falls due in others is looked for at the usual interval.
        var lanes = new Dictionary<string, Task>(StringComparer.Ordinal);
        do
        {
            foreach (var kind in await claims.DueKindsAsync(kinds.All, cancellation))
            {
                if (lanes.GetValueOrDefault(kind) is not { IsCompleted: false }) lanes[kind] = Follow(lanes.GetValueOrDefault(kind), kind, cancellation);
            }

            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(Task.WhenAll(lanes.Values), Task.Delay(Interval, time, done.Token));
            await done.CancelAsync();
        }
        while (lanes.Values.Any(lane => !lane.IsCompleted));
        await Task.WhenAll(lanes.Values);
    }

    /// <summary>Begins a lane anew, unless it failed: that is for this run to end with.</summary>
    private Task Follow(Task? before, string kind, CancellationToken cancellation) =>
        before is { IsCompletedSuccessfully: false } ? before : DrainAsync(kind, cancellation);

    private async Task DrainAsync(string kind, CancellationToken cancellation)
    {
        await Task.Yield();
        var atOnce = kinds.TraitsOf(kind).AtOnce ?? options.Value.AtOnce;
        for (var most = atOnce; ;)
        {
            var started = time.GetTimestamp();
            var batch = await claims.ClaimAsync(kind, most, cancellation);
            if (batch.Count > 0) await WorkOrAbandonAsync(batch, atOnce, cancellation);
            if (batch.Count < most) return;
            var took = time.GetElapsedTime(started);
            if (took < Quick) most = Math.Min(most * Growth, MaxBatch);
            else if (took > Slow) most = atOnce;
        }
    }

    private async Task WorkOrAbandonAsync(IReadOnlyList<WorkItem> batch, int atOnce, CancellationToken cancellation)
    {
        try
        {
            await WorkAsync(batch, atOnce, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            _abandoned.Enqueue(batch);
            throw;
        }
    }

    private async Task WorkAsync(IReadOnlyList<WorkItem> batch, int atOnce, CancellationToken cancellation)
    {
        // Half a lock must be left for an item, or another process may begin it, too.
        var lastStart = batch[0].LockedUntil!.Value - (WorkClaims.Lock / 2);
        var late = new ConcurrentBag<WorkItem>();
        var finished = new FinishedWork(claims, time, atOnce: batch.Count <= atOnce);
        var settings = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(batch, settings, async (item, token) =>
        {
            if (time.GetUtcNow() > lastStart) late.Add(item);
            else if (await TryHandleAsync(item, token) is { } failure) await FailAsync(item, failure, token);
            else Note(item, await finished.AddAsync(item, token));
        });
        if (!late.IsEmpty) await claims.ReleaseAsync([.. late], cancellation);
        Note(batch[0], await finished.FlushAsync(cancellation));

        void Note(WorkItem item, bool wereOurs)
        {
            if (!wereOurs) Log.WorkLockLost(logger, null, item.Kind, item.Id);
        }
    }

    /// <returns>Why it failed.</returns>
    private async Task<Exception?> TryHandleAsync(WorkItem item, CancellationToken cancellation)
    {
        try
        {
            var handler = kinds.Find(item.Kind) ?? throw new InvalidOperationException($"Nothing here handles work of the kind '{item.Kind}'.");
            await handler.HandleAsync(item, cancellation);
            return null;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return exception;
        }
    }

    private async Task FailAsync(WorkItem item, Exception exception, CancellationToken cancellation)
    {
        if (await claims.FailAsync(item, exception, cancellation) is { } state)
            Log.WorkFailed(logger, exception, item.Kind, item.Id, item.Attempts + 1, state);
        else
            Log.WorkLockLost(logger, exception, item.Kind, item.Id);
    }
}
