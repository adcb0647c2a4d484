using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Notifications;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>Tells those who can read the log that it is not deposited any more, or that a deposit speaks against it.</summary>
public sealed class AuditAnchorAlert(MailQueue queue, SiteAddress site, TimeProvider time, ILogger<AuditAnchorAlert> logger)
{
    internal async Task SendAsync(GovernanceDbContext db, IAuditAnchor anchor, AnchorReply reply, string error, CancellationToken cancellation)
    {
        var organizationId = db.OrganizationId!.Value;
        var text = reply.Contradicts ? OfContradiction(anchor, error) : OfFailure(anchor, error);
        foreach (var reader in await db.HoldersAsync(Permissions.AuditRead, AccessScope.Organization, time.GetUtcNow(), cancellation))
        {
            if (queue.Enqueue(db, organizationId, new OutgoingMail(reader.Email, text)) is { Succeeded: false } result)
                Log.AlertNotSent(logger, organizationId, result.Refusal.Message);
        }
    }

    private MailText OfFailure(IAuditAnchor anchor, string error) => new(
        "The audit log could not be deposited",
        [
            $"Checkpoints of the audit log go to this {Name(anchor)}: {anchor.Label ?? anchor.Target}. The last attempt failed: {error}",
            "It is tried again, at first after a minute, later once an hour. Until it works, nobody but this installation vouches for the newest entries. "
            + "You get one mail, and the log one entry, however long it lasts; its end is an entry, too.",
        ],
        Button());

    private MailText OfContradiction(IAuditAnchor anchor, string error) => new(
        "A deposit contradicts the audit log",
        [
            $"This {Name(anchor)} holds something that cannot be true beside the log as it is now: {anchor.Label ?? anchor.Target}. {error}",
            "Either the log was changed or cut after it was deposited, or the place was. Keep what lies there, export the log, and have both compared "
            + "by somebody who administers neither: docs/audit-log.md says how.",
        ],
        Button());

    private static string Name(IAuditAnchor anchor) => anchor.Kind switch
    {
        AuditAnchorKind.Folder => "folder",
        AuditAnchorKind.Webhook => "address",
        AuditAnchorKind.Mail => "list of mail addresses",
        _ => "witness",
    };

    private MailButton Button() => new("See the audit log", site.Link("/audit"));
}
