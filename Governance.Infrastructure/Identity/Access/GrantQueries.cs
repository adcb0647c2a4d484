using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Where a grant stands.</summary>
public enum GrantState
{
    Active,
    Expired,
    Revoked,
}

/// <summary>A grant as lists show it.</summary>
public sealed record GrantRow(
    RoleGrant Grant, string RoleName, string ScopeName, string PersonName, string PersonEmail, bool PersonDisabled, string? GrantedBy, string? RevokedBy,
    GrantState State);

/// <summary>Which grants a list shows.</summary>
/// <param name="Role">Of one role only.</param>
/// <param name="PersonId">Of one person only.</param>
/// <param name="ActiveOnly">Leaves out those that expired or were revoked.</param>
public sealed record GrantFilter(string? Role = null, Guid? PersonId = null, bool ActiveOnly = true);

/// <summary>Somebody or something a role can be granted to or for.</summary>
public sealed record GrantChoice(Guid Id, string Name, string? Detail = null);

/// <summary>What a role can be granted to and for.</summary>
/// <param name="Teams">Teams that are not archived.</param>
/// <param name="Applications">Applications, with their teams.</param>
/// <param name="Roles">Roles that can be held.</param>
public sealed record GrantChoices(IReadOnlyList<GrantChoice> Teams, IReadOnlyList<GrantChoice> Applications, RoleCatalog Roles);

/// <summary>Grants as lists; one's own without any permission, others' with <see cref="Permissions.RolesRead"/>.</summary>
public sealed class GrantQueries(GovernanceDatabase database, AccessControl access, TimeProvider time)
{
    private const int MaxMatches = 20;

    /// <summary>One page of grants, newest first.</summary>
    public async Task<Page<GrantRow>> ListAsync(Actor actor, GrantFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        var own = actor.Kind == ActorKind.Person && filter.PersonId == actor.Id;
        if (!own && !await access.MayAsync(actor, Permissions.RolesRead, cancellation)) return new Page<GrantRow>([], null);
        size = Math.Clamp(size, 1, Page<GrantRow>.MaxSize);
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var query = db.RoleGrants.AsNoTracking();
        if (filter.Role is { } role) query = query.Where(grant => grant.Role == role);
        if (filter.PersonId is { } person) query = query.Where(grant => grant.PersonId == person);
        if (filter.ActiveOnly) query = query.Where(grant => grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now));
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var after)) return new Page<GrantRow>([], null);
            query = query.Where(grant => grant.GrantedAt < after.At || (grant.GrantedAt == after.At && grant.Id < after.Id));
        }

        var grants = await query.OrderByDescending(grant => grant.GrantedAt).ThenByDescending(grant => grant.Id).Take(size + 1).ToListAsync(cancellation);
        var next = grants.Count > size ? new PageCursor(grants[size - 1].GrantedAt, grants[size - 1].Id).ToString() : null;
        return new Page<GrantRow>(await ToRowsAsync(db, [.. grants.Take(size)], now, cancellation), next);
    }

    /// <summary>Teams, applications and roles to choose from, for who may grant.</summary>
    public async Task<GrantChoices> ChoicesAsync(Actor actor, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.GrantsWrite, cancellation)) return new GrantChoices([], [], RoleCatalog.BuiltIn);
        await using var db = database.ForOrganization(actor.OrganizationId);
        return new GrantChoices(
            await db.Teams.Where(team => team.ArchivedAt == null).OrderBy(team => team.Name)
                .Select(team => new GrantChoice(team.Id, team.Name, null)).ToListAsync(cancellation),
            await db.Applications.Join(db.Teams, application => application.TeamId, team => team.Id, (application, team) => new { application, team })
                .OrderBy(row => row.application.Name).Select(row => new GrantChoice(row.application.Id, row.application.Name, row.team.Name)).ToListAsync(cancellation),
            await db.RoleCatalogAsync(cancellation));
    }

    /// <summary>The first active people whose name or mail address has a text in it, for who may grant.</summary>
    public async Task<IReadOnlyList<GrantChoice>> PeopleAsync(Actor actor, string search, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.GrantsWrite, cancellation)) return [];
        var part = search.Trim().ToUpperInvariant();
        await using var db = database.ForOrganization(actor.OrganizationId);
#pragma warning disable CA1304, CA1311, CA1862 // It runs in the database, which knows no culture of ours.
        return await db.Users
            .Where(person => person.DisabledAt == null && person.Id != actor.Id
                && (person.DisplayName.ToUpper().Contains(part) || person.Email!.ToUpper().Contains(part)))
            .OrderBy(person => person.DisplayName).ThenBy(person => person.Id).Take(MaxMatches)
            .Select(person => new GrantChoice(person.Id, person.DisplayName, person.Email)).ToListAsync(cancellation);
#pragma warning restore CA1304, CA1311, CA1862
    }

    private static async Task<IReadOnlyList<GrantRow>> ToRowsAsync(
        GovernanceDbContext db, IReadOnlyList<RoleGrant> grants, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = grants.SelectMany(grant => new[] { grant.PersonId, grant.GrantedBy, grant.RevokedBy }).OfType<Guid>().Distinct().ToList();
        var people = await db.Users.Where(person => ids.Contains(person.Id))
            .Select(person => new { person.Id, person.DisplayName, person.Email, Disabled = person.DisabledAt != null })
            .ToDictionaryAsync(person => person.Id, cancellation);
        var roles = await db.CustomRoles.ToDictionaryAsync(role => role.Name, role => role.DisplayName, cancellation);
        var scopes = await ScopeNames.LoadAsync(db, cancellation);
        return [.. grants.Select(grant =>
        {
            var person = people[grant.PersonId];
            return new GrantRow(
                grant, roles.GetValueOrDefault(grant.Role) ?? Roles.DisplayName(grant.Role), scopes[grant.Scope], person.DisplayName, person.Email!,
                person.Disabled, Name(grant.GrantedBy), Name(grant.RevokedBy), StateOf(grant, now));
        })];

        string? Name(Guid? id) => id is { } known ? people.GetValueOrDefault(known)?.DisplayName : null;
    }

    private static GrantState StateOf(RoleGrant grant, DateTimeOffset now) =>
        grant.RevokedAt is not null ? GrantState.Revoked : grant.IsActive(now) ? GrantState.Active : GrantState.Expired;
}
