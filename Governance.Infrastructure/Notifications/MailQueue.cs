using System.Net.Mail;
using Governance.Domain;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Secrets;

namespace Governance.Infrastructure.Notifications;

/// <summary>The one way to send a mail: durable work, added to the context that makes the change, so that both are saved or neither.</summary>
public sealed class MailQueue(MasterKey key, TimeProvider time)
{
    private const int LongestAddress = 254;

    /// <summary>Adds a mail to what the context saves next.</summary>
    /// <param name="db">The context of the change.</param>
    /// <param name="organizationId">On whose behalf it is sent; the footer names it.</param>
    /// <param name="mail">The mail; it lies encrypted in the database until it was sent.</param>
    /// <returns>A refusal if the address or the title cannot be put into a header.</returns>
    public Result Enqueue(GovernanceDbContext db, Guid organizationId, OutgoingMail mail)
    {
        if (!IsAddress(mail.To)) return Refusal.Invalid(nameof(mail.To), "Mail cannot be sent to this address.");
        if (string.IsNullOrWhiteSpace(mail.Text.Title) || mail.Text.Title.Any(char.IsControl))
            return Refusal.Invalid(nameof(mail.Text.Title), "A mail's title is one line of text.");
        if (mail.Text.Button is { Target: { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") } })
            throw new ArgumentException("A mail's button leads to a page of this installation.", nameof(mail));

        var now = time.GetUtcNow();
        db.WorkItems.Add(new WorkItem
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = organizationId,
            Kind = MailHandler.WorkKind,
            Payload = SealedMail.Seal(mail, key),
            CreatedAt = now,
            DueAt = now,
        });
        return Result.Ok;
    }

    /// <summary>A bare address and nothing around it: a line break or a second address would reach the headers or the envelope.</summary>
    internal static bool IsAddress(string to) =>
        to.Length <= LongestAddress
        && !to.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && MailAddress.TryCreate(to, out var parsed)
        && parsed.Address == to;
}
