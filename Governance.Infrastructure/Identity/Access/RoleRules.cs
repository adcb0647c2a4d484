using System.Text.RegularExpressions;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>What a custom role must satisfy, and what a change of one may do to those who hold it.</summary>
internal static partial class RoleRules
{
    public const int MaxDisplayName = 100;
    public const int MaxDescription = 500;

    public static Refusal? Check(RoleDraft draft, RoleCatalog catalog)
    {
        if (!Slug().IsMatch(draft.Name))
            return Refusal.Invalid(nameof(draft.Name), "Name it in 3 to 64 small letters, digits and underscores, beginning with a letter, such as key_keeper.");
        if (Roles.All.Contains(draft.Name)) return Refusal.Invalid(nameof(draft.Name), "A built-in role has this name. Choose another.");
        if (string.IsNullOrWhiteSpace(draft.DisplayName) || draft.DisplayName.Trim().Length > MaxDisplayName)
            return Refusal.Invalid(nameof(draft.DisplayName), $"Give it a display name of 1 to {MaxDisplayName} characters.");
        if (draft.Description.Trim().Length > MaxDescription)
            return Refusal.Invalid(nameof(draft.Description), $"The description may have at most {MaxDescription} characters.");
        if (draft.Permissions.Count + draft.Inherits.Count == 0)
            return Refusal.Invalid(nameof(draft.Permissions), "Choose at least one permission, or a role to inherit from.");
        if (draft.Permissions.FirstOrDefault(permission => !Permissions.Exists(permission)) is { } unknown)
            return Refusal.Invalid(nameof(draft.Permissions), $"There is no permission '{unknown}'.");
        if (draft.Inherits.FirstOrDefault(name => catalog.Find(name) is null) is { } missing)
            return Refusal.Invalid(nameof(draft.Inherits), $"There is no role '{missing}' to inherit from, or it is archived.");
        return catalog.CycleOf(draft.Name, draft.Inherits) is { } cycle
            ? Refusal.Invalid(nameof(draft.Inherits), $"Roles cannot inherit in a circle: {string.Join(" → ", cycle)}.")
            : null;
    }

    /// <summary>
    /// A change must not give those who hold the role, or one that inherits from it, what granting it would have had to ask for: an
    /// approval, a scope that fits, duties that do not conflict. Nor may somebody widen what they hold themselves.
    /// </summary>
    public static async Task<Refusal?> CheckHoldersAsync(
        GovernanceDbContext db, Actor actor, string name, RoleCatalog before, RoleCatalog after, IReadOnlyCollection<string> approvalRoles,
        DateTimeOffset now, CancellationToken cancellation)
    {
        var affected = after.All.Where(role => role.Name == name || after.AncestorsOf(role.Name).Contains(name))
            .Where(role => after.PermissionsOf(role.Name).Keys.Except(before.PermissionsOf(role.Name).Keys).Any())
            .Select(role => role.Name).ToList();
        if (affected.Count == 0) return null;
        var active = await db.RoleGrants.AsNoTracking()
            .Where(grant => grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now)).ToListAsync(cancellation);
        var touched = active.Where(grant => affected.Contains(grant.Role)).ToList();
        if (actor.Kind == ActorKind.Person && touched.Exists(grant => grant.PersonId == actor.Id))
            return Refusal.Forbidden("You hold this role yourself, and nobody widens what they hold. Ask somebody else, or define another role.");

        foreach (var role in touched.Select(grant => grant.Role).Distinct())
        {
            if (GrantApproval.Needed(after, role, approvalRoles) is { } why)
                return Refusal.Conflict($"{Held(touched, role)}, who would get this without approval. {why} Define another role and grant that.");
            if (touched.Exists(grant => grant.Role == role && grant.ScopeKind != ScopeKind.Organization) && GrantRules.WholeOnly(after, role) is { } whole)
                return Refusal.Conflict($"{Held(touched, role)}, some for a team or an application, but {whole} means the whole organisation or nothing.");
        }

        var holders = touched.Select(grant => grant.PersonId).ToHashSet();
        foreach (var person in active.Where(grant => holders.Contains(grant.PersonId)).GroupBy(grant => grant.PersonId, grant => grant.Role))
        {
            var held = person.Distinct(StringComparer.Ordinal).ToList();
            var known = SegregationOfDuties.Conflicts(before, held);
            if (SegregationOfDuties.Conflicts(after, held).FirstOrDefault(conflict => !known.Contains(conflict)) is { } conflict)
                return Refusal.Conflict($"Somebody who holds it would come into a conflict of duties. {conflict.Message}");
        }

        return null;
    }

    private static string Held(List<RoleGrant> grants, string role)
    {
        var people = grants.Where(grant => grant.Role == role).Select(grant => grant.PersonId).Distinct().Count();
        return $"{role} is held by {people} {(people == 1 ? "person" : "people")}";
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{2,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Slug();
}
