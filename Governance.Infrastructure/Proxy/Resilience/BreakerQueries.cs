using Governance.Domain.Identity;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>How breakers stand and stood.</summary>
public sealed class BreakerQueries(AccessControl access, GovernanceDatabase database, ConnectionGates gates, TimeProvider time)
{
    /// <summary>How far back the strip of states goes.</summary>
    public static readonly TimeSpan Strip = TimeSpan.FromHours(24);

    /// <summary>So many changes are listed, and so many of a day drawn.</summary>
    private const int MaxListed = 100, MaxDrawn = 5000;

    /// <summary>The breaker of each connection that has changed within a day, by the connection's name; none for who may not see them.</summary>
    public async Task<IReadOnlyDictionary<string, BreakerView>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersRead, cancellation) is not null) return new Dictionary<string, BreakerView>();
        var now = time.GetUtcNow();
        var since = now - Strip;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var changes = await db.BreakerEvents.AsNoTracking().Where(change => change.At >= since)
            .OrderByDescending(change => change.At).ThenByDescending(change => change.Id).Take(MaxDrawn).ToListAsync(cancellation);
        return changes.GroupBy(change => change.Connection, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => View(actor.OrganizationId, group.Key, [.. group.Reverse()], now), StringComparer.Ordinal);
    }

    /// <summary>The breaker of one connection, and its latest changes; none for who may not see it.</summary>
    public async Task<BreakerDetail?> FindAsync(Actor actor, string connection, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersRead, cancellation) is not null) return null;
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var changes = await db.BreakerEvents.AsNoTracking().Where(change => change.Connection == connection)
            .OrderByDescending(change => change.At).ThenByDescending(change => change.Id).Take(MaxListed).ToListAsync(cancellation);
        return new BreakerDetail(View(actor.OrganizationId, connection, [.. changes.AsEnumerable().Reverse().Where(change => change.At >= now - Strip)], now), changes);
    }

    private BreakerView View(Guid organizationId, string connection, IReadOnlyList<BreakerEvent> ascending, DateTimeOffset now)
    {
        var gate = gates.Of(organizationId, connection);
        return new BreakerView(gate.State, gate.Wait, BreakerHistory.Of([.. ascending.Select(change => change.ToChange())], now - Strip, now));
    }
}

/// <summary>A connection's breaker.</summary>
/// <param name="State">How it stands, as far as this process knows.</param>
/// <param name="Wait">How long until it lets a call through.</param>
/// <param name="Spans">How it stood in the last 24 hours.</param>
public sealed record BreakerView(BreakerState State, TimeSpan Wait, IReadOnlyList<BreakerSpan> Spans);

/// <summary>A connection's breaker with its history.</summary>
/// <param name="View">How it stands.</param>
/// <param name="Changes">Its changes, the latest first.</param>
public sealed record BreakerDetail(BreakerView View, IReadOnlyList<BreakerEvent> Changes);
