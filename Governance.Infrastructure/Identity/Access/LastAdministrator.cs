using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Somebody must be left who administers the organisation, or nobody could ever let anybody in again.</summary>
internal static class LastAdministrator
{
    /// <summary>To be asked in the transaction that ends a grant.</summary>
    /// <returns>None if the grant may end.</returns>
    public static async Task<Refusal?> CheckAsync(GovernanceDbContext db, RoleGrant grant, DateTimeOffset now, CancellationToken cancellation)
    {
        if (grant.Role != Roles.SystemAdmin || grant.ScopeKind != ScopeKind.Organization) return null;

        var all = db.RoleGrants.Where(other => other.Role == Roles.SystemAdmin && other.ScopeKind == ScopeKind.Organization && other.RevokedAt == null);

        // Writing what stands there locks the rows: of two that end different grants at once, the second sees what the first did.
        await all.ExecuteUpdateAsync(set => set.SetProperty(other => other.Role, other => other.Role), cancellation);

        // Those that this transaction has ended already are tracked, and no longer active.
        var held = await all.Join(db.Users.Where(person => person.DisabledAt == null), other => other.PersonId, person => person.Id, (other, _) => other)
            .ToListAsync(cancellation);
        var administers = held.Any(other => other.Id == grant.Id);
        return administers && !held.Any(other => other.Id != grant.Id && other.IsActive(now))
            ? Refusal.Conflict("This is the last system administrator of the whole organisation. Make somebody else one first.")
            : null;
    }
}
