using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Defines the roles of an organisation. Built-in ones cannot be changed.</summary>
public sealed class RoleService(
    GovernanceDatabase database, AccessControl access, AccessDirectory directory, SettingsDirectory settings, AuditTrail audit, TimeProvider time)
{
    /// <summary>Defines a role of permissions that the author holds for the whole organisation.</summary>
    public Task<Result> CreateAsync(Actor actor, RoleDraft draft, CancellationToken cancellation) => ChangeAsync(
        actor,
        async db =>
        {
            if (await db.CustomRoles.AnyAsync(row => row.Name == draft.Name, cancellation))
                return Refusal.Invalid(nameof(draft.Name), "There is or was a role of this name. Names are not reused: choose another.");
            var catalog = await db.RoleCatalogAsync(cancellation);
            if (RoleRules.Check(draft, catalog) is { } wrong) return wrong;
            if (await CheckAuthorAsync(actor, With(catalog, draft), catalog, draft.Name, cancellation) is { } beyond) return beyond;

            var now = time.GetUtcNow();
            var role = new CustomRole { Id = Guid.CreateVersion7(now), OrganizationId = actor.OrganizationId, Name = draft.Name, DisplayName = "", CreatedAt = now };
            Fill(role, draft);
            db.CustomRoles.Add(role);
            audit.Record(db, actor, "role.created", "role", role.Name, new { role.DisplayName, role.Permissions, role.Inherits });
            return Result.Ok;
        },
        cancellation);

    /// <summary>Changes what a custom role is called and allows; whoever holds it is affected from the next reading or change on.</summary>
    public Task<Result> UpdateAsync(Actor actor, RoleDraft draft, CancellationToken cancellation) => ChangeAsync(
        actor,
        async db =>
        {
            var found = await FindAsync(db, draft.Name, cancellation);
            if (!found.Succeeded) return found.Refusal;
            var before = await db.RoleCatalogAsync(cancellation);
            if (RoleRules.Check(draft, before) is { } wrong) return wrong;
            var after = With(before, draft);
            if (await CheckAuthorAsync(actor, after, before, draft.Name, cancellation) is { } beyond) return beyond;
            var guarded = (await settings.GetAsync(actor.OrganizationId, cancellation)).ApprovalRoles;
            if (await RoleRules.CheckHoldersAsync(db, actor, draft.Name, before, after, guarded, time.GetUtcNow(), cancellation) is { } refusal) return refusal;

            var role = found.Value;
            var old = new { role.DisplayName, role.Permissions, role.Inherits };
            Fill(role, draft);
            audit.Record(db, actor, "role.changed", "role", role.Name, new { before = old, after = new { role.DisplayName, role.Permissions, role.Inherits } });
            return Result.Ok;
        },
        cancellation);

    /// <summary>Retires a custom role that nobody holds and no other role inherits from.</summary>
    public Task<Result> ArchiveAsync(Actor actor, string name, CancellationToken cancellation) => ChangeAsync(
        actor,
        async db =>
        {
            var found = await FindAsync(db, name, cancellation);
            if (!found.Succeeded) return found.Refusal;
            var now = time.GetUtcNow();
            var held = await db.RoleGrants
                .Where(grant => grant.Role == name && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
                .Select(grant => grant.PersonId).Distinct().CountAsync(cancellation);
            if (held > 0) return Refusal.Conflict($"{held} {(held == 1 ? "person holds" : "people hold")} this role. Revoke those grants first.");
            var catalog = await db.RoleCatalogAsync(cancellation);
            if (catalog.All.FirstOrDefault(role => role.Inherits.Contains(name)) is { } heir)
                return Refusal.Conflict($"{heir.DisplayName} inherits from this role. Change that first.");

            found.Value.ArchivedAt = now;
            audit.Record(db, actor, "role.archived", "role", name);
            return Result.Ok;
        },
        cancellation);

    private async Task<Result> ChangeAsync(Actor actor, Func<GovernanceDbContext, Task<Result>> change, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.RolesWrite, cancellation) is { } refusal) return refusal;
        var result = await database.SeriallyAsync(actor.OrganizationId, change, cancellation);
        if (result.Succeeded) directory.Forget();
        return result;
    }

    private static async Task<Result<CustomRole>> FindAsync(GovernanceDbContext db, string name, CancellationToken cancellation)
    {
        if (Roles.All.Contains(name)) return Refusal.Conflict("Built-in roles are the same everywhere and cannot be changed. Define a role of your own.");
        var role = await db.CustomRoles.SingleOrDefaultAsync(row => row.Name == name, cancellation);
        if (role is null) return Refusal.NotFound($"There is no role '{name}'.");
        return role.ArchivedAt is null ? role : Refusal.Conflict("This role is archived and can no longer be changed.");
    }

    /// <summary>Nobody puts into a role what they do not hold themselves; what was in it already may stay.</summary>
    private async Task<Refusal?> CheckAuthorAsync(Actor actor, RoleCatalog after, RoleCatalog before, string name, CancellationToken cancellation)
    {
        foreach (var permission in after.PermissionsOf(name).Keys.Except(before.PermissionsOf(name).Keys).Order(StringComparer.Ordinal))
        {
            if (!(await access.ReachAsync(actor, permission, cancellation)).Everything)
                return Refusal.Forbidden($"You do not hold {permission} for the whole organisation, so you cannot put it into a role.");
        }

        return null;
    }

    private static RoleCatalog With(RoleCatalog catalog, RoleDraft draft) => new(
        catalog.All.Where(role => role.Name != draft.Name)
            .Append(new RoleDefinition(draft.Name, draft.DisplayName, draft.Description, [.. draft.Permissions], [.. draft.Inherits])));

    private static void Fill(CustomRole role, RoleDraft draft)
    {
        (role.DisplayName, role.Description) = (draft.DisplayName.Trim(), draft.Description.Trim());
        role.Permissions = [.. Permissions.All.Select(permission => permission.Name).Where(draft.Permissions.Contains)];
        role.Inherits = [.. draft.Inherits.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
