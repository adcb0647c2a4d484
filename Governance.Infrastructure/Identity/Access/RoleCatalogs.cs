using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Reads the roles of an organisation.</summary>
internal static class RoleCatalogs
{
    /// <summary>The built-in roles and the organisation's own that are in use.</summary>
    public static async Task<RoleCatalog> LoadRoleCatalogAsync(this GovernanceDbContext db, CancellationToken cancellation)
    {
        var custom = await db.CustomRoles.AsNoTracking().Where(role => role.ArchivedAt == null).ToListAsync(cancellation);
        return new RoleCatalog(custom.Select(role => role.ToDefinition()));
    }
}
