using System.Globalization;
using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Says in the log itself how many calls, outcomes and leaves there were since it last did, so that one that is taken away later is missed:
/// docs/audit-log.md, "Heartbeats".
/// </summary>
internal sealed class AuditHeartbeat(GovernanceDatabase database, AuditTrail audit, DataKeys keys, TimeProvider time) : IJob
{
    public const string Action = "audit.heartbeat";

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>By then whatever was recorded before is committed.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromDays(1);

    public string Name => "audit-heartbeat";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        List<Guid> organizations;
        await using (var db = database.AcrossOrganizations()) organizations = await db.Organizations.Select(row => row.Id).ToListAsync(cancellation);
        foreach (var organizationId in organizations) await BeatAsync(organizationId, cancellation);
    }

    private async Task BeatAsync(Guid organizationId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var to = time.GetUtcNow() - Behind;
        to = to.AddTicks(-(to.Ticks % TimeSpan.TicksPerSecond));
        if (await CountedUntilAsync(db, cancellation) is not { } from || from >= to) return;

        var leaves = db.AuditEvents.Where(entry => entry.ResourceType == CallLeaf.ResourceType && entry.At >= from && entry.At < to);
        var count = await leaves.LongCountAsync(cancellation);
        if (count == 0 && to - from < AtLeastEvery) return;

        audit.Record(db, Actor.System(organizationId), Action, "audit_log", null, new
        {
            calls = await leaves.LongCountAsync(entry => db.Calls.Any(call => call.Id == entry.Id), cancellation),
            entries = await leaves.LongCountAsync(entry => db.LedgerEntries.Any(booked => booked.CallId == entry.Id && booked.RequestCount == 1), cancellation),
            leaves = count,
            from = Text(from),
            to = Text(to),
        });
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Up to when calls are counted: where the last one ended; before the first, where the log begins. None if the log is empty.</summary>
    internal async Task<DateTimeOffset?> CountedUntilAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        // All that a heartbeat is, so that an index has them in order.
        var last = await db.AuditEvents.AsNoTracking()
            .Where(entry => entry.Action == Action && entry.ResourceType == "audit_log"
                && entry.Category == AuditCategory.Audit && entry.Severity == AuditSeverity.Info && entry.Outcome == AuditOutcome.Success)
            .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id)
            .FirstOrDefaultAsync(cancellation);
        if (last is null)
        {
            var first = await db.AuditEvents.MinAsync(entry => (DateTimeOffset?)entry.At, cancellation);
            return first?.AddTicks(-(first.Value.Ticks % TimeSpan.TicksPerSecond));
        }

        var payloads = new AuditPayloads(db, keys);
        var parts = await payloads.OpenAsync(last.ToLeaf(), (await payloads.PartsAsync([last.Id], cancellation))[last.Id], cancellation);
        var said = parts.Select(part => part.Json).OfType<string>().FirstOrDefault() ?? throw new InvalidDataException($"Heartbeat {last.Id:n} does not open.");
        return DateTimeOffset.ParseExact(
            JsonDocument.Parse(said).RootElement.GetProperty("to").GetString()!, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
