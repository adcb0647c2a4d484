using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Governance.Infrastructure.Data;

/// <summary>Keeps three models per context type: of all organisations, of one, and of what a reader may see of one.</summary>
internal sealed class OrganizationModelCacheKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        (context.GetType(), designTime, ((GovernanceDbContext)context).SpansOrganizations, ((GovernanceDbContext)context).IsNarrowed);
}
