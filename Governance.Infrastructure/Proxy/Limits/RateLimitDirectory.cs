using System.Collections.Concurrent;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>Reads the limits of organisations, and keeps them for a moment.</summary>
public sealed class RateLimitDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A limit that was changed in another process still applies here as it was for at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<Guid, (OwnLimits Limits, DateTimeOffset ReadAt)> _cache = new();
    private readonly Lock _changing = new();
    private long _forgotten;

    internal async ValueTask<OwnLimits> GetAsync(Guid organizationId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(organizationId, out var cached) && now - cached.ReadAt < Freshness) return cached.Limits;

        var forgotten = Volatile.Read(ref _forgotten);
        await using var db = database.ForOrganization(organizationId);
        var limits = new OwnLimits(await db.RateLimits.AsNoTracking().ToListAsync(cancellation));
        lock (_changing)
        {
            // What was read before a change was announced may be the old state, and is not kept.
            if (_forgotten != forgotten) return limits;
            if (_cache.Count >= Capacity) _cache.Clear();
            _cache[organizationId] = (limits, now);
        }

        return limits;
    }

    /// <summary>To be called after a change was committed.</summary>
    internal void Forget(Guid organizationId)
    {
        lock (_changing)
        {
            _forgotten++;
            _cache.TryRemove(organizationId, out _);
        }
    }
}
