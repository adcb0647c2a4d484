using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>What an organisation decided about access, kept for a moment. The rows are not tracked and must not be changed.</summary>
public sealed class SettingsDirectory(GovernanceDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FreshCache<Guid, OrganizationSettings> _cache = new(time, Freshness);

    public ValueTask<OrganizationSettings> GetAsync(Guid organizationId, CancellationToken cancellation) => _cache.GetAsync(organizationId, ReadAsync, cancellation);

    /// <summary>To be called after a change was committed.</summary>
    internal void Forget(Guid organizationId) => _cache.Forget(organizationId);

    private async Task<OrganizationSettings> ReadAsync(Guid organizationId)
    {
        await using var db = database.ForOrganization(organizationId);
        return await db.OrganizationSettings.AsNoTracking().SingleAsync();
    }
}
