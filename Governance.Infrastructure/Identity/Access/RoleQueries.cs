using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>A role as lists show it.</summary>
/// <param name="Role">The role.</param>
/// <param name="IsBuiltIn">Whether it is the same in every organisation.</param>
/// <param name="ArchivedAt">Since when it can no longer be granted.</param>
/// <param name="Holders">How many people hold it now.</param>
public sealed record RoleRow(RoleDefinition Role, bool IsBuiltIn, DateTimeOffset? ArchivedAt, int Holders);

/// <summary>A role with everything it allows.</summary>
/// <param name="Row">The role.</param>
/// <param name="Permissions">Each permission with the chain of roles it comes through, the role itself first.</param>
/// <param name="Heirs">The roles that inherit from it.</param>
/// <param name="Catalog">All roles that can be held.</param>
public sealed record RoleDetail(
    RoleRow Row, IReadOnlyDictionary<string, IReadOnlyList<string>> Permissions, IReadOnlyList<RoleDefinition> Heirs, RoleCatalog Catalog);

/// <summary>Roles as pages show them; nothing for who may not see roles.</summary>
public sealed class RoleQueries(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    /// <summary>Built-in roles first, then the organisation's own by name, archived ones last.</summary>
    public async Task<IReadOnlyList<RoleRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.RolesRead, cancellation)) return [];
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var holders = await db.ActiveGrants(now).GroupBy(grant => grant.Role)
            .Select(group => new { Role = group.Key, People = group.Select(grant => grant.PersonId).Distinct().Count() })
            .ToDictionaryAsync(row => row.Role, row => row.People, cancellation);
        var custom = await db.CustomRoles.AsNoTracking().OrderBy(role => role.Name).ToListAsync(cancellation);
        return
        [
            .. Roles.BuiltIn.Select(role => new RoleRow(role, true, null, holders.GetValueOrDefault(role.Name))),
            .. custom.OrderBy(role => role.ArchivedAt is not null)
                .Select(role => new RoleRow(role.ToDefinition(), false, role.ArchivedAt, holders.GetValueOrDefault(role.Name))),
        ];
    }

    public async Task<RoleDetail?> FindAsync(Actor actor, string name, CancellationToken cancellation)
    {
        var row = (await ListAsync(actor, cancellation)).FirstOrDefault(row => row.Role.Name == name);
        if (row is null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var catalog = await db.RoleCatalogAsync(cancellation);

        // An archived role is in no catalog; what it allowed is still worth seeing.
        var shown = row.ArchivedAt is null ? catalog : new RoleCatalog(catalog.All.Append(row.Role));
        return new RoleDetail(row, shown.PermissionsOf(name), [.. catalog.All.Where(role => role.Inherits.Contains(name))], catalog);
    }

    /// <summary>The permissions an actor holds for the whole organisation, and so may put into a role.</summary>
    public async Task<IReadOnlySet<string>> OwnAsync(Actor actor, CancellationToken cancellation)
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (var permission in Permissions.All)
        {
            if ((await access.ReachAsync(actor, permission.Name, cancellation)).Everything) own.Add(permission.Name);
        }

        return own;
    }
}
