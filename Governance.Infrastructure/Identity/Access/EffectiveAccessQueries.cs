using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Why somebody holds a permission: a grant, and the roles from the granted one to that which allows it.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Chain">The display names of the roles, the granted one first.</param>
public sealed record AccessReason(GrantRow Grant, IReadOnlyList<string> Chain);

/// <summary>A permission that somebody holds.</summary>
/// <param name="Permission">What it allows.</param>
/// <param name="Reasons">Each grant it comes from, those for the whole organisation first.</param>
public sealed record EffectivePermission(Permission Permission, IReadOnlyList<AccessReason> Reasons);

/// <summary>What a person may do, and why.</summary>
/// <param name="PersonId">Who.</param>
/// <param name="Name">Who.</param>
/// <param name="IsDisabled">A disabled person may do none of it.</param>
/// <param name="Permissions">Each permission, in the order of <see cref="Domain.Identity.Permissions.All"/>.</param>
/// <param name="Grants">Every grant, also those that no longer count, newest first.</param>
public sealed record EffectiveAccess(
    Guid PersonId, string Name, bool IsDisabled, IReadOnlyList<EffectivePermission> Permissions, IReadOnlyList<GrantRow> Grants);

/// <summary>Explains what people may do. Everybody may ask about themselves; about others with <see cref="Permissions.RolesRead"/>.</summary>
public sealed class EffectiveAccessQueries(GovernanceDatabase database, AccessControl access, GrantQueries grants)
{
    /// <returns>None if there is no such person, or the actor may not see it.</returns>
    public async Task<EffectiveAccess?> FindAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        var own = actor.Kind == ActorKind.Person && actor.Id == personId;
        if (!own && !await access.MayAsync(actor, Permissions.RolesRead, cancellation)) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var person = await db.Users.Where(row => row.Id == personId)
            .Select(row => new { row.DisplayName, Disabled = row.DisabledAt != null }).SingleOrDefaultAsync(cancellation);
        if (person is null) return null;

        var catalog = await db.RoleCatalogAsync(cancellation);
        var page = await grants.ListAsync(actor, new GrantFilter(PersonId: personId, ActiveOnly: false), null, Page<GrantRow>.MaxSize, cancellation);
        var active = page.Items.Where(row => row.State == GrantState.Active).ToList();
        return new EffectiveAccess(personId, person.DisplayName, person.Disabled, Explain(catalog, active), page.Items);
    }

    private static IReadOnlyList<EffectivePermission> Explain(RoleCatalog catalog, List<GrantRow> active)
    {
        var reasons = active
            .SelectMany(row => catalog.PermissionsOf(row.Grant.Role).Select(entry => (
                Permission: entry.Key,
                Reason: new AccessReason(row, [.. entry.Value.Select(name => catalog.Find(name)?.DisplayName ?? name)]))))
            .ToLookup(pair => pair.Permission, pair => pair.Reason, StringComparer.Ordinal);
        return
        [
            .. Permissions.All.Where(permission => reasons.Contains(permission.Name))
                .Select(permission => new EffectivePermission(permission, [.. reasons[permission.Name].OrderBy(reason => reason.Grant.Grant.ScopeKind)])),
        ];
    }
}
