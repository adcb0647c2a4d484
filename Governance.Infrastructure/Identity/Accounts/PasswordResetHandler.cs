using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>Sends the link for a new password to somebody who has an account that is not disabled; nobody else gets anything.</summary>
internal sealed class PasswordResetHandler(
    IServiceScopeFactory scopes, GovernanceDatabase database, AccountMails mails, MasterKey key, AuditTrail audit) : IWorkHandler
{
    public const string WorkKind = "password_reset";

    public string Kind => WorkKind;

    public WorkTraits Traits => new("Link for a new password", WorkTouches.Privacy);

    public async Task HandleAsync(WorkItem item, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        if (await users.FindByEmailAsync(AccountRequest.Open(item.Payload, key).Email) is not { DisabledAt: null } person) return;

        var token = await users.GeneratePasswordResetTokenAsync(person);
        await using var db = database.ForOrganization(person.OrganizationId);
        mails.PasswordReset(db, person, token);
        audit.Record(db, Actor.System(person.OrganizationId), "password.reset_requested", "person", person.Id.ToString("n"));
        await db.SaveChangesAsync(cancellation);
    }
}
