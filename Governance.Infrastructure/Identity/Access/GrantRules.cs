using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>A grant that breaks no rule as things stand.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Role">The role.</param>
/// <param name="Catalog">The roles it was checked against.</param>
/// <param name="ScopeName">What the scope is called.</param>
/// <param name="Held">The names of the roles the person holds already.</param>
/// <param name="Conflicts">The conflicts of duties it brings, all of them acknowledged.</param>
internal sealed record GrantPlan(
    NewGrant Request, RoleDefinition Role, RoleCatalog Catalog, string ScopeName, IReadOnlyList<string> Held, IReadOnlyList<DutyConflict> Conflicts);

/// <summary>What a grant must satisfy, whoever asks for it: when it is made, when it is proposed, and when it is approved.</summary>
internal static class GrantRules
{
    public const int MaxReason = 1000;

    public static async Task<Result<GrantPlan>> CheckAsync(GovernanceDbContext db, NewGrant request, DateTimeOffset now, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MaxReason)
            return Refusal.Invalid(nameof(request.Reason), $"Say why they need it, in 1 to {MaxReason:N0} characters: an auditor will ask.");
        if (request.ExpiresAt <= now) return Refusal.Invalid(nameof(request.ExpiresAt), "The grant would have ended already. Choose a moment in the future, or none.");

        var catalog = await db.RoleCatalogAsync(cancellation);
        if (catalog.Find(request.Role) is not { } role)
        {
            return await db.CustomRoles.AnyAsync(row => row.Name == request.Role, cancellation)
                ? Refusal.Conflict($"The role {request.Role} is archived and can no longer be granted.")
                : Refusal.NotFound($"There is no role '{request.Role}'.");
        }

        if (await ScopeNames.FindAsync(db, request.Scope, cancellation) is not { } scopeName)
            return Refusal.NotFound("There is no such team or application.");
        if (request.Scope.Kind != ScopeKind.Organization && WholeOnly(catalog, request.Role) is { } permission)
            return Refusal.Invalid(nameof(request.Scope),
                $"{role.DisplayName} allows {permission}, which means the whole organisation or nothing. Grant it for the whole organisation, or choose another role.");

        var person = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.PersonId, cancellation);
        if (person is null) return Refusal.NotFound("There is no such person.");
        if (person.DisabledAt is not null) return Refusal.Conflict($"{person.DisplayName} is disabled. Enable them before you grant a role.");

        var grants = await db.RoleGrants.AsNoTracking()
            .Where(grant => grant.PersonId == request.PersonId && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
            .ToListAsync(cancellation);
        if (grants.Any(grant => grant.Role == request.Role && grant.Scope == request.Scope))
            return Refusal.Conflict($"{person.DisplayName} holds {role.DisplayName} for this scope already. Revoke that grant first to change it.");

        List<string> held = [.. grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var conflicts = SegregationOfDuties.Added(catalog, held, [.. held.Append(request.Role).Distinct(StringComparer.Ordinal)]);
        if (conflicts.FirstOrDefault(conflict => conflict.Forbidden) is { } forbidden)
            return Refusal.Conflict($"{forbidden.Message} One person cannot hold both.");
        if (conflicts.Count > 0 && !request.AcknowledgedConflicts)
            return Refusal.Conflict($"{conflicts[0].Message} Accept this conflict of duties with your reason, or choose somebody else.");
        return new GrantPlan(request, role, catalog, scopeName, held, conflicts);
    }

    /// <summary>A permission of a role that cannot be held for a part of the organisation; none if all can.</summary>
    public static string? WholeOnly(RoleCatalog catalog, string role)
    {
        var allowed = catalog.PermissionsOf(role);
        return Permissions.All.FirstOrDefault(permission => !permission.TeamScoped && allowed.ContainsKey(permission.Name))?.Name;
    }
}
