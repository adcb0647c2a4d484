using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Approvals;

/// <summary>Tells those who may decide that something waits, and whoever proposed it how it ended. A mail that cannot be sent stops no decision.</summary>
public sealed class ApprovalMail(MailQueue queue, SiteAddress site, ILogger<ApprovalMail> logger)
{
    internal void Proposed(GovernanceDbContext db, ApprovalRequest request, string requester, IEnumerable<PermissionHolder> deciders)
    {
        foreach (var decider in deciders)
        {
            Send(db, request, decider.Email, new MailText(
                $"For you to decide: {request.Title}",
                [
                    $"{requester} proposed: {request.Title}.",
                    $"Reason: {request.Reason}",
                    $"Nothing changes until somebody approves it. It expires on {request.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.",
                ],
                Button("See what would change", request)));
        }
    }

    internal async Task DecidedAsync(GovernanceDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var to = await db.Users.Where(person => person.Id == request.RequestedBy && person.DisabledAt == null)
            .Select(person => person.Email).SingleOrDefaultAsync(cancellation);
        if (to is null) return;
        Send(db, request, to, new MailText($"{Outcome(request.State)}: {request.Title}", [.. Sentences(request)], Button("See the decision", request)));
    }

    private static IEnumerable<string> Sentences(ApprovalRequest request)
    {
        yield return request.State switch
        {
            ApprovalState.Applied => "What you proposed was approved and is in effect.",
            ApprovalState.Rejected => "What you proposed was rejected. Nothing has changed.",
            ApprovalState.Expired => "Nobody decided what you proposed in time. Nothing has changed; propose it again if it is still needed.",
            _ => "What you proposed was approved, but could no longer be applied. Nothing has changed.",
        };
        if (request.Comment is { Length: > 0 } comment) yield return comment;
    }

    private static string Outcome(ApprovalState state) => state switch
    {
        ApprovalState.Applied => "Approved",
        ApprovalState.Rejected => "Rejected",
        ApprovalState.Expired => "Expired",
        _ => "Not applied",
    };

    private MailButton Button(string caption, ApprovalRequest request) => new(caption, site.Link($"/approvals/{request.PublicId}"));

    private void Send(GovernanceDbContext db, ApprovalRequest request, string to, MailText text)
    {
        if (queue.Enqueue(db, request.OrganizationId, new OutgoingMail(to, text)) is { Succeeded: false } result)
            Log.MailRefused(logger, request.PublicId, result.Refusal.Message);
    }
}
