using System.Collections.Concurrent;
using System.Collections.Frozen;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Looks up what people may do, and keeps it for a moment.</summary>
public sealed class AccessDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A change made in another process counts here after at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private const int Capacity = 50_000;

    private readonly ConcurrentDictionary<Guid, (PersonAccess Access, DateTimeOffset ReadAt)> _cache = new();
    private readonly Lock _changing = new();
    private long _forgotten;

    /// <summary>What a person may do; none if there is no such person.</summary>
    public async ValueTask<PersonAccess?> FindAsync(Guid personId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_cache.TryGetValue(personId, out var cached) && now - cached.ReadAt < Freshness) return cached.Access;

        var forgotten = Volatile.Read(ref _forgotten);
        if (await ReadAsync(personId, now, cancellation) is not { } access) return null;
        lock (_changing)
        {
            // What was read before a change was announced may be the old state, and is not kept.
            if (_forgotten != forgotten) return access;
            if (_cache.Count >= Capacity) _cache.Clear();
            _cache[personId] = (access, now);
        }

        return access;
    }

    /// <summary>To be called after a change of people, grants, roles, teams or applications was committed.</summary>
    public void Forget()
    {
        lock (_changing)
        {
            _forgotten++;
            _cache.Clear();
        }
    }

    private async Task<PersonAccess?> ReadAsync(Guid personId, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var everywhere = database.AcrossOrganizations();
        var person = await everywhere.Users.AsNoTracking().Where(person => person.Id == personId)
            .Select(person => new { person.OrganizationId, person.DisabledAt }).SingleOrDefaultAsync(cancellation);
        if (person is null) return null;

        await using var db = database.ForOrganization(person.OrganizationId);
        var grants = await db.RoleGrants.AsNoTracking()
            .Where(grant => grant.PersonId == personId && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
            .ToListAsync(cancellation);
        var catalog = await db.RoleCatalogAsync(cancellation);
        var places = grants.All(grant => grant.ScopeKind == ScopeKind.Organization) ? Places.None : await Places.LoadAsync(db, cancellation);
        return new PersonAccess(
            personId, person.OrganizationId, person.DisabledAt is not null,
            [.. grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal)], ReachesOf(grants, catalog, places));
    }

    private static Dictionary<string, Reach> ReachesOf(IEnumerable<RoleGrant> grants, RoleCatalog catalog, Places places)
    {
        var scopes = grants
            .SelectMany(grant => catalog.PermissionsOf(grant.Role).Keys.Select(permission => (permission, grant.Scope)))
            .GroupBy(pair => pair.permission, pair => pair.Scope, StringComparer.Ordinal);
        return scopes.ToDictionary(group => group.Key, group => places.ReachOf(group), StringComparer.Ordinal);
    }

    /// <summary>The teams with their parents, and the applications with their teams.</summary>
    private sealed record Places(ILookup<Guid?, Guid> TeamsByParent, IReadOnlyDictionary<Guid, Guid> TeamOfApplication)
    {
        public static Places None { get; } = new(Array.Empty<Guid>().ToLookup(_ => (Guid?)null), new Dictionary<Guid, Guid>());

        public static async Task<Places> LoadAsync(GovernanceDbContext db, CancellationToken cancellation)
        {
            var teams = await db.Teams.Select(team => new { team.Id, team.ParentId }).ToListAsync(cancellation);
            var applications = await db.Applications.ToDictionaryAsync(application => application.Id, application => application.TeamId, cancellation);
            return new Places(teams.ToLookup(team => team.ParentId, team => team.Id), applications);
        }

        public Reach ReachOf(IEnumerable<AccessScope> scopes)
        {
            var (teams, applications) = (new HashSet<Guid>(), new HashSet<Guid>());
            foreach (var scope in scopes)
            {
                if (scope.Kind == ScopeKind.Organization) return Reach.Whole;
                if (scope.Kind == ScopeKind.Application) applications.Add(scope.Id!.Value);
                else AddWithThoseBelow(scope.Id!.Value, teams);
            }

            applications.UnionWith(TeamOfApplication.Where(entry => teams.Contains(entry.Value)).Select(entry => entry.Key));
            return new Reach(false, teams.ToFrozenSet(), applications.ToFrozenSet());
        }

        private void AddWithThoseBelow(Guid team, HashSet<Guid> teams)
        {
            if (!teams.Add(team)) return;
            foreach (var below in TeamsByParent[team]) AddWithThoseBelow(below, teams);
        }
    }
}
