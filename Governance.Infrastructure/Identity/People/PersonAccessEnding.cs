using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Identity.Tokens;

namespace Governance.Infrastructure.Identity.People;

/// <summary>
/// The one place that knows what lets a person in and must end with their access: sessions here, and whatever else is given to
/// people to come in with. Each ends in the transaction of the change itself.
/// </summary>
public sealed class PersonAccessEnding(
    SessionService sessions, SessionDirectory sessionDirectory, AccessDirectory directory, TokenFamilyService tokens, TokenFamilyDirectory tokenDirectory,
    KeyDirectory keys)
{
    internal async Task EndAsync(GovernanceDbContext db, Actor actor, Guid personId, CancellationToken cancellation)
    {
        await sessions.EndAllAsync(db, actor, personId, null, SessionEnd.PersonDisabled, cancellation);
        await tokens.RevokeForPersonAsync(db, actor, personId, TokenRevocation.PersonDisabled, cancellation);
    }

    /// <summary>To be called after the commit: what this process remembers is the old state.</summary>
    internal void Forget(Guid personId)
    {
        tokenDirectory.ForgetPerson(personId);
        keys.Forget();
        sessionDirectory.Forget();
        directory.Forget();
    }
}
