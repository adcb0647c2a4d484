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

    private readonly FreshCache<Guid, PersonAccess?> _cache = new(time, Freshness) { Capacity = 50_000 };

    /// <summary>What a person may do; none if there is no such person.</summary>
    public ValueTask<PersonAccess?> FindAsync(Guid personId, CancellationToken cancellation) => _cache.GetAsync(personId, ReadAsync, cancellation);

    /// <summary>To be called after a change of people, grants, roles, teams or applications was committed.</summary>
    public void Forget() => _cache.Forget();

    private async Task<PersonAccess?> ReadAsync(Guid personId)
    {
        var now = time.GetUtcNow();
        await using var everywhere = database.AcrossOrganizations();
        var person = await everywhere.Users.AsNoTracking().Where(person => person.Id == personId)
            .Select(person => new { person.OrganizationId, person.DisabledAt }).SingleOrDefaultAsync();
        if (person is null) return null;

        await using var db = database.ForOrganization(person.OrganizationId);
        var grants = await db.RoleGrants.AsNoTracking()
            .Where(grant => grant.PersonId == personId && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
            .ToListAsync();
        var catalog = await db.RoleCatalogAsync(CancellationToken.None);
        var places = grants.All(grant => grant.ScopeKind == ScopeKind.Organization) ? Places.None : await Places.LoadAsync(db, CancellationToken.None);
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
