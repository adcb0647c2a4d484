using System.Collections.Concurrent;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Verifies each log continuously: from the last good point to the newest checkpoint, then again from the beginning, a stretch at a time;
/// and that each call has one cost row and one leaf. What is wrong becomes an entry of the log with the severity alarm, and stands on the page.
/// </summary>
internal sealed class AuditSelfCheck(
    GovernanceDatabase database, DataKeys keys, AuditArchiveFiles files, AuditTrail audit, TimeProvider time, ILogger<AuditSelfCheck> logger) : IJob
{
    /// <summary>How many entries a run looks at: new ones, and again.</summary>
    internal const int Stretch = 20_000;

    /// <summary>By then a call has ended, or was closed as interrupted.</summary>
    internal static readonly TimeSpan CallsEnd = TimeSpan.FromHours(1);

    private static readonly TimeSpan NeverBooked = TimeSpan.FromDays(1);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>Passes over whole logs, in memory: a new process begins one anew.</summary>
    private readonly ConcurrentDictionary<Guid, AuditWalk> _again = new();

    public string Name => "audit-check";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        List<Guid> organizations;
        await using (var db = database.AcrossOrganizations()) organizations = await db.Organizations.Select(row => row.Id).ToListAsync(cancellation);
        foreach (var organizationId in organizations) await CheckAsync(organizationId, cancellation);
    }

    private async Task CheckAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var check = await db.AuditChecks.SingleOrDefaultAsync(cancellation);
        if (check is null) db.AuditChecks.Add(check = new AuditCheck { OrganizationId = organizationId });
        string? problem = null;
        try
        {
            await NewEntriesAsync(db, check, cancellation);
            await AgainAsync(db, check, cancellation);
            await CallsAsync(db, check, cancellation);
        }
        catch (InvalidDataException exception)
        {
            _again.TryRemove(organizationId, out _);
            problem = exception.Message.Length > AuditCheck.MaxProblem ? exception.Message[..AuditCheck.MaxProblem] : exception.Message;
        }

        Tell(db, check, problem);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>From the last good point to the newest checkpoint.</summary>
    private async Task NewEntriesAsync(GovernanceDbContext db, AuditCheck check, CancellationToken cancellation)
    {
        var size = await db.SizeOfLogAsync(cancellation);
        if (size < check.VerifiedSize) throw new InvalidDataException($"The log had {check.VerifiedSize} entries and has {size} now.");
        var good = await db.AuditCheckpoints.AsNoTracking().SingleOrDefaultAsync(row => row.Size == check.VerifiedSize, cancellation);
        if (good is null && check.VerifiedSize > 0) throw new InvalidDataException($"The checkpoint over {check.VerifiedSize} entries is gone.");
        var edge = await new AuditHashes(db, check.OrganizationId).EdgeAsync(check.VerifiedSize, cancellation);
        if (good is not null && !edge.Root().AsSpan().SequenceEqual(good.Root)) throw new InvalidDataException($"The first {good.Size} entries give another root than was signed over them.");

        // Up to a checkpoint, which becomes the next good point; a first one that lies further on than a stretch is gone to all the same.
        var from = check.VerifiedSize;
        var limit = from + Stretch;
        var ahead = db.AuditCheckpoints.Where(row => row.Size > from);
        var to = await ahead.Where(row => row.Size <= limit).MaxAsync(row => (long?)row.Size, cancellation) ?? await ahead.MinAsync(row => (long?)row.Size, cancellation) ?? from;
        await new AuditWalk(edge).ToAsync(db, new AuditRecords(db, files), keys, to, cancellation);
        (check.VerifiedSize, check.VerifiedAt) = (to, time.GetUtcNow());
    }

    /// <summary>What was good once may have been changed since.</summary>
    private async Task AgainAsync(GovernanceDbContext db, AuditCheck check, CancellationToken cancellation)
    {
        var walk = _again.GetOrAdd(check.OrganizationId, _ => new AuditWalk(new TreeEdge()));
        await walk.ToAsync(db, new AuditRecords(db, files), keys, Math.Min(walk.Size + Stretch, check.VerifiedSize), cancellation);
        check.AgainSize = walk.Size;
        if (walk.Size < check.VerifiedSize) return;
        check.AgainAt = time.GetUtcNow();
        _again.TryRemove(check.OrganizationId, out _);
    }

    private async Task CallsAsync(GovernanceDbContext db, AuditCheck check, CancellationToken cancellation)
    {
        var (from, to) = (check.CallsUntil, time.GetUtcNow() - CallsEnd);
        if (from >= to) return;
        var range = new TimeRange(from, to);
        var booked = db.LedgerEntries.InMonthsOf(db, range);
        var calls = db.Calls.InMonthsOf(db, range).Where(call => call.Source == CallSource.Proxy && call.StartedAt >= from && call.StartedAt < to);
        var open = await calls.Where(call => !booked.Any(entry => entry.CallId == call.Id && entry.RequestCount == 1))
            .OrderBy(call => call.StartedAt).Select(call => new { call.Id, call.StartedAt }).FirstOrDefaultAsync(cancellation);
        if (open is not null)
        {
            // After an outage calls are closed late: there has to be a process that had the time to.
            if (time.GetUtcNow() - _startedAt > CallsEnd && open.StartedAt < time.GetUtcNow() - NeverBooked) throw new InvalidDataException($"The call {open.Id:n} has no cost row.");
            to = open.StartedAt;
        }

        var silent = calls.Where(call => call.StartedAt < to && !db.AuditEvents.Any(entry => entry.Id == call.Id) && !db.AuditEntries.Any(entry => entry.EventId == call.Id));
        if (await silent.OrderBy(call => call.StartedAt).Select(call => (Guid?)call.Id).FirstOrDefaultAsync(cancellation) is { } unsaid)
            throw new InvalidDataException($"The call {unsaid:n} has a cost row, but no entry of the log.");
        check.CallsUntil = to;
    }

    private void Tell(GovernanceDbContext db, AuditCheck check, string? problem)
    {
        if (problem == check.Problem) return;
        if (problem is not null) Log.CheckFailed(logger, check.OrganizationId, problem);
        var (before, since) = (check.Problem, problem is null ? (DateTimeOffset?)null : check.ProblemSince ?? time.GetUtcNow());
        (check.Problem, check.ProblemSince) = (problem, since);
        if (problem is null) audit.Record(db, Actor.System(check.OrganizationId), "audit.check_passed", "audit_log", null, new { before });
        else audit.Record(db, Actor.System(check.OrganizationId), "audit.check_failed", "audit_log", null, new { problem }, AuditOutcome.Failure);
    }
}
