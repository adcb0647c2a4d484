using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy.Resilience;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>Reads the connections and routes of organisations, and keeps them for a moment.</summary>
public sealed class ConnectionDirectory(GovernanceDatabase database, MasterKey master, TimeProvider time)
{
    /// <summary>A connection that was changed in another process is still called here as it was for at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FreshCache<Guid, OwnConnections> _cache = new(time, Freshness);

    internal ValueTask<OwnConnections> GetAsync(Guid organizationId, CancellationToken cancellation) => _cache.GetAsync(organizationId, ReadAsync, cancellation);

    /// <summary>To be called after a change was committed: every connection and route is read anew.</summary>
    internal void Forget() => _cache.Forget();

    private async Task<OwnConnections> ReadAsync(Guid organizationId)
    {
        await using var db = database.ForOrganization(organizationId);
        return new OwnConnections(
            await db.Connections.AsNoTracking().ToListAsync(), await db.ModelRoutes.AsNoTracking().Where(route => route.Enabled).ToListAsync(), master);
    }
}

/// <summary>The connections and routes of one organisation. A secret is opened when it is first called with.</summary>
internal sealed class OwnConnections(IReadOnlyList<Connection> rows, IReadOnlyList<ModelRoute> routes, MasterKey master)
{
    private readonly Dictionary<string, Lazy<ProviderConnection?>> _byName = rows.ToDictionary(
        row => row.Name, row => new Lazy<ProviderConnection?>(() => row.Open(master)), StringComparer.Ordinal);

    private readonly Dictionary<string, string> _defaults = rows.Where(row => row.DefaultOf is not null)
        .ToDictionary(row => row.DefaultOf!, row => row.Name, StringComparer.Ordinal);

    public ProviderConnection? Named(string name) => _byName.GetValueOrDefault(name)?.Value;

    private readonly ILookup<string, ModelRoute> _routes = routes.ToLookup(route => route.Kind, StringComparer.Ordinal);

    public IEnumerable<ProviderConnection> All() => rows.Select(row => Named(row.Name)).OfType<ProviderConnection>();

    /// <summary>The route for a model that is asked for under a kind's base; none if there is none.</summary>
    public ModelRoute? RouteOf(string kind, string model) =>
        RoutePattern.Best(_routes[kind].Select(route => route.Model), model) is { } best ? _routes[kind].First(route => route.Model == best) : null;

    public ProviderConnection? DefaultOf(string kind) => _defaults.TryGetValue(kind, out var name) ? Named(name) : null;
}
