using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>Tells those who may do something about it, once while it is so, that much work waits or that some is old; the log has its begin and its end.</summary>
internal sealed class DeadLetterAlarmJob(
    GovernanceDatabase database, AuditTrail audit, MailQueue queue, SiteAddress site, TimeProvider time, IOptions<WorkQueueOptions> options, ILogger<DeadLetterAlarmJob> logger)
    : IJob
{
    public string Name => "dead-letter-alarm";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        var now = time.GetUtcNow();
        var found = await db.WorkItems.GroupBy(item => item.OrganizationId)
            .Select(group => new { OrganizationId = group.Key, Count = group.LongCount(), Oldest = group.Min(item => item.CreatedAt) }).ToListAsync(cancellation);
        var raised = await db.DeadLetterAlarms.AsNoTracking().ToListAsync(cancellation);
        var held = raised.Select(alarm => alarm.OrganizationId).ToHashSet();
        var alarming = found.Where(row => row.Count >= options.Value.AlarmSize || now - row.Oldest >= options.Value.AlarmAge).ToList();
        foreach (var row in alarming.Where(row => !held.Contains(row.OrganizationId))) await RaiseAsync(row.OrganizationId, row.Count, row.Oldest, cancellation);
        foreach (var alarm in raised.Where(alarm => alarming.All(row => row.OrganizationId != alarm.OrganizationId))) await ClearAsync(alarm, cancellation);
    }

    private async Task RaiseAsync(Guid organizationId, long count, DateTimeOffset oldest, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(organizationId);
        var alarm = new DeadLetterAlarm { Id = Guid.CreateVersion7(now), OrganizationId = organizationId, RaisedAt = now, Count = count, OldestAt = oldest };
        db.DeadLetterAlarms.Add(alarm);
        audit.Record(db, Actor.System(organizationId), "dead_letter.alarm_raised", "dead_letter", null, new { alarm.Count, alarm.OldestAt });
        var text = new MailText(
            count >= options.Value.AlarmSize ? $"{count:N0} pieces of work wait" : "Work has been waiting for long",
            [
                $"{count:N0} pieces of work wait to be done or have failed; the oldest since {oldest.UtcDateTime:yyyy-MM-dd HH:mm} UTC.",
                "None is lost. See what they have in common, put right what makes them fail, and have them tried again. You get one mail, however long this lasts.",
            ],
            new MailButton("See the dead letters", site.Link("/dead-letters")));
        foreach (var holder in await db.HoldersAsync(Permissions.DeadLettersManage, AccessScope.Organization, now, cancellation))
        {
            if (queue.Enqueue(db, organizationId, new OutgoingMail(holder.Email, text)) is { Succeeded: false } result)
                Log.AlarmNotSent(logger, organizationId, result.Refusal.Message);
        }

        await db.SaveChangesAsync(cancellation);
    }

    private async Task ClearAsync(DeadLetterAlarm alarm, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(alarm.OrganizationId);
        db.DeadLetterAlarms.Remove(alarm);
        audit.Record(db, Actor.System(alarm.OrganizationId), "dead_letter.alarm_cleared", "dead_letter", null, new { alarm.RaisedAt });
        await db.SaveChangesAsync(cancellation);
    }
}
