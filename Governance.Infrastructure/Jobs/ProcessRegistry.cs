using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Jobs;

/// <summary>Says to the others that this process lives, and tells which ones do.</summary>
public sealed class ProcessRegistry(GovernanceDatabase database, TimeProvider time, IOptions<ProcessOptions> options) : IJob
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>New at every start.</summary>
    public Guid InstanceId { get; } = Guid.CreateVersion7(time.GetUtcNow());

    public string Name => "heartbeat";

    public TimeSpan Interval => options.Value.HeartbeatInterval;

    public JobScope Scope => JobScope.EveryProcess;

    /// <summary>A process that was seen at or after this moment lives.</summary>
    public DateTimeOffset AliveSince(DateTimeOffset now) => now - options.Value.DeadAfter;

    /// <summary>Before the server listens: registers this process. A SQLite file has one process, so all others are dead.</summary>
    public async Task RegisterAsync(CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        if (database.Provider == DatabaseProvider.Sqlite) await db.ProcessInstances.ExecuteDeleteAsync(cancellation);
        await RunAsync(cancellation);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.AcrossOrganizations();
        var seen = await db.ProcessInstances.Where(instance => instance.Id == InstanceId)
            .ExecuteUpdateAsync(set => set.SetProperty(instance => instance.LastSeenAt, now), cancellation);
        if (seen == 1) return;

        var forgotten = now - ForgottenAfter;
        await db.ProcessInstances.Where(instance => instance.LastSeenAt < forgotten).ExecuteDeleteAsync(cancellation);
        db.ProcessInstances.Add(new ProcessInstance { Id = InstanceId, StartedAt = now, LastSeenAt = now });
        await db.SaveChangesAsync(cancellation);
    }
}
