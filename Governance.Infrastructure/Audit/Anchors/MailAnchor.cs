using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>The mailboxes of auditors. It is one anchor, whose target names nobody: deposits are kept for ever, and addresses must not be.</summary>
internal sealed class MailAnchor(AuditAnchorOptions options, MailQueue queue) : IAuditAnchor
{
    public AuditAnchorKind Kind => AuditAnchorKind.Mail;

    public string Target => "mail";

    public string? Label { get; } = string.Join(", ", options.Mail);

    public TimeSpan Every => options.MailEvery;

    public Task<AnchorReply> DepositAsync(GovernanceDbContext db, AuditCheckpoint checkpoint, CancellationToken cancellation)
    {
        var text = new MailText(
            $"Audit log: checkpoint over {checkpoint.Size} entries",
            [
                $"This is the signed state of the audit log on {checkpoint.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Keep it: whoever rewrites the log later cannot rewrite your copy.",
                checkpoint.Note.TrimEnd('\n'),
                "To hold the log against it, save its lines (the first begins with \"governance/audit/\", the last with a dash; an empty line is between them) as checkpoint.txt, "
                + "ask for an export, and run: node verify-audit.mjs export.zip --older checkpoint.txt",
            ]);
        foreach (var address in options.Mail)
        {
            if (queue.Enqueue(db, checkpoint.OrganizationId, new OutgoingMail(address, text)) is { Succeeded: false } result)
                throw new InvalidOperationException(result.Refusal.Message); // The configuration was checked by the same rule.
        }

        return Task.FromResult(AnchorReply.Good);
    }
}
