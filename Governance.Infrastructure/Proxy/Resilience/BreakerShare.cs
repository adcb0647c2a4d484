using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>
/// Writes what this process saw of breakers, and follows what the others saw. It is beside the calls: none waits for it, and while the database is away
/// each process goes by what it sees itself.
/// </summary>
public sealed class BreakerShare(ConnectionGates gates, GovernanceDatabase database, ProcessRegistry process, TimeProvider time, IOptions<ResilienceOptions> options) : IJob
{
    /// <summary>Rows are read again for so long, because one can become visible after a later one. To follow a change twice does nothing.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    /// <summary>How long the history is kept.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan Cleaning = TimeSpan.FromHours(1);

    private bool _begun;
    private DateTimeOffset _cleanedAt;

    public string Name => "breaker-share";

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public JobScope Scope => JobScope.EveryProcess;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await WriteAsync(cancellation);
        await FollowAsync(cancellation);
        await CleanAsync(cancellation);
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var changes = gates.TakeWaiting();
        if (changes.Count == 0) return;
        try
        {
            await using var db = database.AcrossOrganizations();
            db.AddRange(changes);
            await db.SaveChangesAsync(cancellation);
        }
        catch
        {
            gates.PutBack(changes);
            throw;
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        // After the start, what the processes before this one saw counts too. Later there are others on PostgreSQL only.
        if (_begun && database.Provider == DatabaseProvider.Sqlite) return;
        var since = time.GetUtcNow() - (_begun ? Overlap : options.Value.BreakerMaxOpenFor + Overlap);
        var me = process.InstanceId;
        await using var db = database.AcrossOrganizations();
        var changes = await db.BreakerEvents.AsNoTracking()
            .Where(change => change.At >= since && change.ProcessId != me)
            .OrderBy(change => change.At).ThenBy(change => change.Id)
            .ToListAsync(cancellation);
        foreach (var change in changes) gates.Follow(change);
        _begun = true;
    }

    private async Task CleanAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _cleanedAt < Cleaning) return;
        var before = now - Kept;
        await using var db = database.AcrossOrganizations();
        await db.BreakerEvents.Where(change => change.At < before).ExecuteDeleteAsync(cancellation);
        _cleanedAt = now;
    }
}
