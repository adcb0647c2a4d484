using System.Collections.Concurrent;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>What an organisation decided about access, kept for a moment. The rows are not tracked and must not be changed.</summary>
public sealed class SettingsDirectory(GovernanceDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Guid, (OrganizationSettings Settings, DateTimeOffset ReadAt)> _cache = new();

    public async ValueTask<OrganizationSettings> GetAsync(Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(organizationId, out var cached) && now - cached.ReadAt < Freshness) return cached.Settings;
        await using var db = database.ForOrganization(organizationId);
        var settings = await db.OrganizationSettings.AsNoTracking().SingleAsync(cancellation);
        _cache[organizationId] = (settings, now);
        return settings;
    }

    /// <summary>To be called after a change was committed.</summary>
    internal void Forget(Guid organizationId) => _cache.TryRemove(organizationId, out _);
}
