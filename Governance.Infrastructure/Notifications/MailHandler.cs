using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Notifications;

/// <summary>
/// Sends a queued mail. A crash after the server took it sends it again, with the same Message-Id, by which a mailbox may know it.
/// </summary>
internal sealed class MailHandler(GovernanceDatabase database, MasterKey key, MailComposer composer, IMailTransport transport) : IWorkHandler
{
    public const string WorkKind = "mail";

    public string Kind => WorkKind;

    /// <summary>
    /// A mail says again what can be read elsewhere: nothing is lost with one but the notice. Its text and address are nobody else's business.
    /// One goes out at a time, so that a server that says nothing holds up one.
    /// </summary>
    public WorkTraits Traits => new("Mail", WorkTouches.Nothing, AtOnce: 1);

    public async Task HandleAsync(WorkItem item, CancellationToken cancellation)
    {
        var mail = SealedMail.Open(item.Payload, key);
        using var message = composer.Compose(item.Id, mail, await OrganizationAsync(item.OrganizationId, cancellation));
        try
        {
            await transport.SendAsync(item.Id, message, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            throw MailNotSentException.Of(exception, mail.To);
        }
    }

    private async Task<string> OrganizationAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(id);
        return await db.Organizations.Select(organization => organization.Name).SingleAsync(cancellation);
    }
}
