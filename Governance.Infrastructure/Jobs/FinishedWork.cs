namespace Governance.Infrastructure.Jobs;

/// <summary>
/// Items of a claim that were done and are to be removed. The commit is what costs, so those of a large claim are removed together, as
/// many as were done in a moment: so few are done again after a crash.
/// </summary>
/// <param name="claims">Where they are removed.</param>
/// <param name="time">The clock.</param>
/// <param name="atOnce">Whether each is removed as it is done, because the claim is small.</param>
internal sealed class FinishedWork(WorkClaims claims, TimeProvider time, bool atOnce)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private List<WorkItem> _done = [];
    private long _removedAt = time.GetTimestamp();

    /// <returns>False if another process has what was done here, because it took longer than its lock.</returns>
    public async Task<bool> AddAsync(WorkItem item, CancellationToken cancellation)
    {
        List<WorkItem> ripe;
        lock (_gate)
        {
            _done.Add(item);
            if (!atOnce && time.GetElapsedTime(_removedAt) < Moment) return true;
            ripe = Take();
        }

        return await RemoveAsync(ripe, cancellation);
    }

    /// <inheritdoc cref="AddAsync"/>
    public async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        List<WorkItem> rest;
        lock (_gate) rest = Take();
        return await RemoveAsync(rest, cancellation);
    }

    private List<WorkItem> Take()
    {
        var taken = _done;
        (_done, _removedAt) = ([], time.GetTimestamp());
        return taken;
    }

    private async Task<bool> RemoveAsync(List<WorkItem> items, CancellationToken cancellation) =>
        items.Count == 0 || await claims.CompleteAsync(items, cancellation) == items.Count;
}
