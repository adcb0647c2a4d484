using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>
/// Sends an invitation without a role to somebody whose organisation lets people with their mail domain register. Who has an account is told
/// so; everybody else gets nothing.
/// </summary>
internal sealed class RegistrationHandler(
    GovernanceDatabase database, InvitationService invitations, AccountMails mails, MasterKey key) : IWorkHandler
{
    public const string WorkKind = "registration";

    public string Kind => WorkKind;

    public WorkTraits Traits => new("Registration", WorkTouches.Privacy);

    public async Task HandleAsync(WorkItem item, CancellationToken cancellation)
    {
        var request = AccountRequest.Open(item.Payload, key);
        var email = InvitationRules.Normalize(request.Email);
        await using var everywhere = database.AcrossOrganizations();
        if (await everywhere.Users.AsNoTracking().SingleOrDefaultAsync(person => person.NormalizedEmail == email, cancellation) is { } known)
        {
            if (known.DisabledAt is not null) return;
            await using var db = database.ForOrganization(known.OrganizationId);
            mails.AlreadyRegistered(db, known);
            await db.SaveChangesAsync(cancellation);
            return;
        }

        var domain = request.Email[(request.Email.LastIndexOf('@') + 1)..];
        var open = await everywhere.OrganizationSettings.AsNoTracking().Where(settings => settings.AllowRegistration).ToListAsync(cancellation);
        var home = open.Where(settings => settings.RegistrationDomains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            .OrderBy(settings => settings.OrganizationId).FirstOrDefault();
        if (home is null) return;

        // A refusal means that there is an open invitation already; its mail is with the person.
        await invitations.InviteAsync(Actor.System(home.OrganizationId), new NewInvitation(request.Name!, request.Email, Role: null), cancellation);
    }
}
