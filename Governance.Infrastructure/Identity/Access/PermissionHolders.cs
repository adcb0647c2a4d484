using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Somebody who holds a permission.</summary>
public sealed record PermissionHolder(Guid PersonId, string Name, string Email);

/// <summary>Who holds a permission, read from the database within a transaction: for decisions that a cache of seconds may not make.</summary>
internal static class PermissionHolders
{
    /// <summary>The active people who hold a permission for a part of the organisation, by name.</summary>
    public static async Task<IReadOnlyList<PermissionHolder>> HoldersAsync(
        this GovernanceDbContext db, string permission, AccessScope scope, DateTimeOffset now, CancellationToken cancellation)
    {
        var catalog = await db.RoleCatalogAsync(cancellation);
        var roles = catalog.All.Where(role => catalog.PermissionsOf(role.Name).ContainsKey(permission)).Select(role => role.Name).ToList();
        var (teams, application) = await CoveringAsync(db, scope, cancellation);
        return await db.ActiveGrants(now)
            .Where(grant => roles.Contains(grant.Role)
                && (grant.ScopeKind == ScopeKind.Organization
                    || (grant.ScopeKind == ScopeKind.Team && teams.Contains(grant.ScopeId!.Value))
                    || (grant.ScopeKind == ScopeKind.Application && grant.ScopeId == application)))
            .Select(grant => grant.PersonId).Distinct()
            .Join(db.Users, id => id, person => person.Id, (_, person) => person)
            .OrderBy(person => person.DisplayName).ThenBy(person => person.Id)
            .Select(person => new PermissionHolder(person.Id, person.DisplayName, person.Email!))
            .ToListAsync(cancellation);
    }

    /// <summary>The grants that count at a moment: of people who are not disabled and have an account to use.</summary>
    public static IQueryable<RoleGrant> ActiveGrants(this GovernanceDbContext db, DateTimeOffset now) =>
        from grant in db.RoleGrants
        join person in db.Users on grant.PersonId equals person.Id
        where grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now) && person.DisabledAt == null && person.EmailConfirmed
        select grant;

    /// <summary>The teams and the application for which one may hold a permission so that it covers a scope.</summary>
    private static async Task<(List<Guid> Teams, Guid? Application)> CoveringAsync(GovernanceDbContext db, AccessScope scope, CancellationToken cancellation)
    {
        if (scope.Kind == ScopeKind.Organization) return ([], null);
        Guid? application = scope.Kind == ScopeKind.Application ? scope.Id : null;
        var team = application is null
            ? scope.Id
            : await db.Applications.Where(row => row.Id == application).Select(row => (Guid?)row.TeamId).SingleOrDefaultAsync(cancellation);
        var parents = await db.Teams.ToDictionaryAsync(row => row.Id, row => row.ParentId, cancellation);
        var teams = new List<Guid>();
        for (; team is { } id && !teams.Contains(id); team = parents.GetValueOrDefault(id)) teams.Add(id);
        return (teams, application);
    }
}
