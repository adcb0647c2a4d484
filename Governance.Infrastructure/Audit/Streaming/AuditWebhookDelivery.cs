using System.Text;
using Governance.Domain.Audit;
using Governance.Domain.Jobs;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>
/// Sends a receiver what follows its place in the log, in the log's order and without a gap: the place moves only once the receiver has
/// what is before it. Every change of the row is made on the condition that the place is still the one that was read, so that neither
/// another process nor an administrator's change is undone.
/// </summary>
public sealed class AuditWebhookDelivery(GovernanceDatabase database, AuditWebhookSender sender, AuditWebhookAlert alert, TimeProvider time)
{
    /// <summary>The most events of a message.</summary>
    internal const int MaxEvents = 100;

    private const int MaxBytes = 1024 * 1024;
    private const int MaxScan = 1000;
    private const int MaxBatches = 50;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(15);

    /// <summary>Sends until there is nothing more, something fails, or others should have their turn.</summary>
    internal async Task DeliverAsync(Guid organizationId, Guid webhookId, CancellationToken cancellation)
    {
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            if (!await DeliverBatchAsync(organizationId, webhookId, cancellation)) return;
        }
    }

    /// <returns>Whether there may be more to send at once.</returns>
    private async Task<bool> DeliverBatchAsync(Guid organizationId, Guid webhookId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var webhook = await db.AuditWebhooks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == webhookId, cancellation);
        if (webhook is not { Enabled: true } || webhook.NextAttemptAt > time.GetUtcNow()) return false;
        var (events, end) = await ReadAsync(db, webhook, cancellation);
        if (end == webhook.DeliveredIndex) return false;
        if (events.Count == 0) return await SetAsync(db, webhook, set => set.SetProperty(row => row.DeliveredIndex, end).SetProperty(row => row.PendingIndex, (long?)null), cancellation);

        // Before the first attempt: whatever happens to this process, the next attempt has the same events.
        if (!await SetAsync(db, webhook, set => set.SetProperty(row => row.PendingIndex, (long?)end), cancellation)) return false;
        var error = await sender.SendAsync(webhook, Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"), cancellation);
        if (error is not null)
        {
            await RecordFailureAsync(db, webhook, error, cancellation);
            return false;
        }

        var now = time.GetUtcNow();
        var moved = await SetAsync(
            db,
            webhook,
            set => set
                .SetProperty(row => row.DeliveredIndex, end).SetProperty(row => row.DeliveredAt, (DateTimeOffset?)now).SetProperty(row => row.PendingIndex, (long?)null)
                .SetProperty(row => row.FailingSince, (DateTimeOffset?)null).SetProperty(row => row.Attempts, 0).SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null)
                .SetProperty(row => row.Error, (string?)null).SetProperty(row => row.AlertedAt, (DateTimeOffset?)null),
            cancellation);
        if (moved && webhook.AlertedAt is not null) await alert.RecoveredAsync(webhook, cancellation);
        return moved;
    }

    /// <summary>The events of the next message, and the last index that it deals with.</summary>
    private static async Task<(List<string> Events, long End)> ReadAsync(GovernanceDbContext db, AuditWebhook webhook, CancellationToken cancellation)
    {
        var last = webhook.PendingIndex ?? long.MaxValue;
        var rows = await (
            from placed in db.AuditEntries
            where placed.Index > webhook.DeliveredIndex && placed.Index <= last
            join entry in db.AuditEvents on placed.EventId equals entry.Id
            orderby placed.Index
            select new { placed.Index, Event = entry }).AsNoTracking().Take(MaxScan).ToListAsync(cancellation);
        var (events, end, bytes) = (new List<string>(), webhook.DeliveredIndex, 2);
        foreach (var row in rows)
        {
            if (webhook.Wants(row.Event))
            {
                var json = OcsfEvent.Of(row.Event.ToLeaf(), row.Index).ToJsonString();
                bytes += Encoding.UTF8.GetByteCount(json) + 1;
                if (events.Count == MaxEvents || (bytes > MaxBytes && events.Count > 0)) break;
                events.Add(json);
            }

            end = row.Index;
        }

        return (events, end);
    }

    private async Task RecordFailureAsync(GovernanceDbContext db, AuditWebhook webhook, string error, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var since = webhook.FailingSince ?? now;
        var attempts = webhook.Attempts + 1;
        var next = now + Backoff.After(attempts, FirstRetry, LongestRetry);
        var alerts = webhook.AlertedAt is null && now - since >= AuditWebhookAlert.After;
        var alertedAt = alerts ? now : webhook.AlertedAt;
        var recorded = await SetAsync(
            db,
            webhook,
            set => set
                .SetProperty(row => row.FailingSince, (DateTimeOffset?)since).SetProperty(row => row.Attempts, attempts).SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)next)
                .SetProperty(row => row.Error, error).SetProperty(row => row.AlertedAt, alertedAt),
            cancellation);
        if (recorded && alerts) await alert.FailedAsync(webhook, error, since, cancellation);
    }

    private static async Task<bool> SetAsync(GovernanceDbContext db, AuditWebhook webhook, Action<UpdateSettersBuilder<AuditWebhook>> change, CancellationToken cancellation) =>
        await db.AuditWebhooks.Where(row => row.Id == webhook.Id && row.DeliveredIndex == webhook.DeliveredIndex && row.Enabled)
            .ExecuteUpdateAsync(change, cancellation) == 1;
}
