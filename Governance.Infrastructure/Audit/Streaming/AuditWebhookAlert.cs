using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>Says, in the log and by mail, that a receiver has got nothing for long, and that it gets something again.</summary>
public sealed class AuditWebhookAlert(GovernanceDatabase database, AuditTrail audit, MailQueue queue, SiteAddress site, TimeProvider time, ILogger<AuditWebhookAlert> logger)
{
    /// <summary>How long it may fail before that is said.</summary>
    internal static readonly TimeSpan After = TimeSpan.FromHours(1);

    internal async Task FailedAsync(AuditWebhook webhook, string error, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(webhook.OrganizationId);
        audit.Record(
            db, Actor.System(webhook.OrganizationId), "integration.failed", "integration", webhook.Id.ToString("n"),
            new { webhook.Name, webhook.Url, webhook.DeliveredIndex, error, failingSince = since }, AuditOutcome.Failure);
        var text = new MailText(
            $"Events no longer reach {webhook.Name}",
            [
                $"Events of the audit log have not reached {webhook.Url} since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {error}",
                "None is lost: they wait in the log, and are sent in their order once it answers. It is tried again every 15 minutes at least.",
            ],
            new MailButton("See the integrations", site.Link("/settings/integrations")));
        foreach (var holder in await db.HoldersAsync(Permissions.IntegrationsManage, AccessScope.Organization, time.GetUtcNow(), cancellation))
        {
            if (queue.Enqueue(db, webhook.OrganizationId, new OutgoingMail(holder.Email, text)) is { Succeeded: false } result)
                Log.AlertNotSent(logger, webhook.Id, result.Refusal.Message);
        }

        await db.SaveChangesAsync(cancellation);
    }

    internal async Task RecoveredAsync(AuditWebhook webhook, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(webhook.OrganizationId);
        audit.Record(
            db, Actor.System(webhook.OrganizationId), "integration.recovered", "integration", webhook.Id.ToString("n"),
            new { webhook.Name, webhook.Url, webhook.FailingSince, webhook.Attempts });
        await db.SaveChangesAsync(cancellation);
    }
}
