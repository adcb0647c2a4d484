using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Jobs;

/// <summary>Runs every job at its interval. A failing job is recorded and tried again; it never takes the others or the process down.</summary>
internal sealed class JobHost(
    IEnumerable<IJob> jobs, GovernanceDatabase database, ProcessRegistry process, TimeProvider time, ILogger<JobHost> logger)
    : BackgroundService
{
    private const int MaxErrorLength = 2000;

    /// <summary>How long a process that says nothing any more keeps a job from the others. A running job renews it.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    internal static readonly TimeSpan Renewal = Lease / 3;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(jobs.Select(job => RepeatAsync(job, stoppingToken)));

    /// <summary>One turn of a job: take the lease if it needs one, run, record how it went.</summary>
    internal async Task RunOnceAsync(IJob job, CancellationToken cancellation)
    {
        try
        {
            if (job.Scope == JobScope.EveryProcess)
            {
                await job.RunAsync(cancellation);
                return;
            }

            if (!await TryLeaseAsync(job, cancellation)) return;
            await RunLeasedAsync(job, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Log.JobFailed(logger, exception, job.Name);
        }
    }

    private async Task RepeatAsync(IJob job, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(job.Interval, time);
        try
        {
            do await RunOnceAsync(job, stopping);
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process is shutting down.
        }
    }

    private async Task RunLeasedAsync(IJob job, CancellationToken cancellation)
    {
        // A run ends with its lease, because another process may then start one.
        using var lease = new CancellationTokenSource(Lease, time);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lease.Token);
        using var timer = new PeriodicTimer(Renewal, time);
        var renewing = RenewAsync(job, timer, lease, cancellation);
        Exception? failure = null;
        try
        {
            await job.RunAsync(run.Token);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            failure = exception;
        }
        finally
        {
            timer.Dispose();
            await renewing;
        }

        if (lease.IsCancellationRequested)
        {
            Log.LeaseLost(logger, failure, job.Name);
            return;
        }

        if (failure is not null) Log.JobFailed(logger, failure, job.Name);
        await RecordAsync(job, failure, cancellation);
    }

    /// <summary>Keeps the lease until the timer is disposed. While the database cannot be asked, the lease runs on towards its end.</summary>
    private async Task RenewAsync(IJob job, PeriodicTimer timer, CancellationTokenSource lease, CancellationToken cancellation)
    {
        var me = process.InstanceId;
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                var until = time.GetUtcNow() + Lease;
                await using var db = database.AcrossOrganizations();
                var kept = await db.Jobs.Where(row => row.Name == job.Name && row.Holder == me)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeasedUntil, until), cancellation);
                if (kept == 1) lease.CancelAfter(Lease);
                else await lease.CancelAsync();
            }
            catch (Exception exception)
            {
                if (cancellation.IsCancellationRequested) return;
                Log.LeaseNotRenewed(logger, exception, job.Name);
            }
        }
    }

    private async Task RecordAsync(IJob job, Exception? failure, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var error = failure?.Message is { Length: > MaxErrorLength } message ? message[..MaxErrorLength] : failure?.Message;
        await using var db = database.AcrossOrganizations();
        var state = await db.Jobs.SingleAsync(row => row.Name == job.Name, cancellation);
        if (failure is null) state.LastSucceededAt = now;
        else (state.LastFailedAt, state.LastError) = (now, error);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Takes or keeps the lease in one statement: of several processes one wins, and the dead hold nothing.</summary>
    private async Task<bool> TryLeaseAsync(IJob job, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var until = now + Lease;
        var me = process.InstanceId;
        var alive = process.AliveSince(now);
        await using var db = database.AcrossOrganizations();
        var taken = await db.Jobs
            .Where(row => row.Name == job.Name
                && (row.Holder == me
                    || row.LeasedUntil < now
                    || !db.ProcessInstances.Any(instance => instance.Id == row.Holder && instance.LastSeenAt >= alive)))
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Holder, me).SetProperty(row => row.LeasedUntil, until).SetProperty(row => row.LastStartedAt, now),
                cancellation);
        if (taken == 1) return true;
        if (await db.Jobs.AnyAsync(row => row.Name == job.Name, cancellation)) return false;

        db.Jobs.Add(new JobState { Name = job.Name, Holder = me, LeasedUntil = until, LastStartedAt = now });
        try
        {
            await db.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException)
        {
            return false; // Another process made the row first, and has the lease.
        }
    }
}
