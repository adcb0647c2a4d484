using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Reads the limits of organisations, and keeps them for a moment.</summary>
public sealed class RateLimitDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A limit that was changed in another process still applies here as it was for at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FreshCache<Guid, OwnLimits> _cache = new(time, Freshness);

    internal ValueTask<OwnLimits> GetAsync(Guid organizationId, CancellationToken cancellation) => _cache.GetAsync(organizationId, ReadAsync, cancellation);

    /// <summary>To be called after a change was committed.</summary>
    internal void Forget(Guid organizationId) => _cache.Forget(organizationId);

    private async Task<OwnLimits> ReadAsync(Guid organizationId)
    {
        await using var db = database.ForOrganization(organizationId);
        return new OwnLimits(await db.RateLimits.AsNoTracking().ToListAsync());
    }
}
