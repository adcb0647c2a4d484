using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>What second factors a person has, and whether their roles need one.</summary>
public sealed class SecondFactorPolicy(GovernanceDatabase database, AccessDirectory access, SettingsDirectory settings)
{
    /// <summary>Which second factors a sign-in asks for; none if the person has set up none.</summary>
    public async Task<SecondFactors> OfAsync(Guid organizationId, Guid personId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        return new SecondFactors(
            await db.Authenticators.AnyAsync(row => row.PersonId == personId && row.Secret != null, cancellation),
            await db.UserPasskeys.AnyAsync(passkey => passkey.UserId == personId, cancellation));
    }

    /// <summary>Whether one of the person's roles, or one that it inherits from, is among those that need a second factor.</summary>
    public async Task<bool> NeedsAsync(Guid organizationId, Guid personId, CancellationToken cancellation)
    {
        var needing = (await settings.GetAsync(organizationId, cancellation)).SecondFactorRoles;
        if (needing.Count == 0 || await access.FindAsync(personId, cancellation) is not { } rights) return false;
        await using var db = database.ForOrganization(organizationId);
        var catalog = await db.LoadRoleCatalogAsync(cancellation);
        return rights.Roles.Any(role => catalog.WithInherited(role).Overlaps(needing));
    }
}

/// <summary>A person's second factors.</summary>
/// <param name="Authenticator">An authenticator app.</param>
/// <param name="Passkey">At least one passkey.</param>
public readonly record struct SecondFactors(bool Authenticator, bool Passkey)
{
    public bool Any => Authenticator || Passkey;
}
