using Governance.Domain;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>Writes the mail with an invitation's link.</summary>
internal sealed class InvitationMail(MailQueue mails, SiteAddress site)
{
    /// <summary>The page that takes an invitation.</summary>
    public const string AcceptPath = "/account/accept-invitation";

    /// <summary>Adds the mail to what the context saves next.</summary>
    public Result Enqueue(GovernanceDbContext db, Invitation invitation, string token, Letterhead head)
    {
        var lifetime = invitation.ExpiresAt - invitation.SentAt;
        var text = new MailText(
            $"Invitation to {head.Organization}",
            [
                $"Hello {invitation.DisplayName},",
                $"{head.Inviter ?? "An administrator"} invites you to join {head.Organization} in Governance, where the organisation keeps track of its use of language models.",
                $"The link works once, and for {Written(lifetime)}. If you did not expect this mail, you need do nothing.",
            ],
            new MailButton("Accept the invitation", site.Link($"{AcceptPath}?token={token}")));
        return mails.Enqueue(db, invitation.OrganizationId, new OutgoingMail(invitation.Email, text));
    }

    /// <summary>On whose behalf invitations are sent.</summary>
    public static async Task<Letterhead> LetterheadAsync(GovernanceDbContext db, Guid? inviter, CancellationToken cancellation) => new(
        await db.Organizations.Select(organization => organization.Name).SingleAsync(cancellation),
        inviter is null ? null : await db.Users.Where(person => person.Id == inviter).Select(person => person.DisplayName).SingleOrDefaultAsync(cancellation));

    private static string Written(TimeSpan lifetime) => lifetime.TotalDays >= 2 ? $"{(int)lifetime.TotalDays} days" : $"{(int)lifetime.TotalHours} hours";

    internal sealed record Letterhead(string Organization, string? Inviter);
}
