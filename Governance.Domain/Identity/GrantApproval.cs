namespace Governance.Domain.Identity;

/// <summary>Which grants another person must approve.</summary>
public static class GrantApproval
{
    /// <summary>
    /// Why a grant of a role needs approval: it is one of the organisation's approval roles, or has one among those it inherits from,
    /// or, being a custom role, allows a change that one of them allows.
    /// </summary>
    /// <returns>A sentence; none if it needs none.</returns>
    public static string? Needed(RoleCatalog catalog, string role, IReadOnlyCollection<string> approvalRoles)
    {
        if (approvalRoles.Contains(role)) return "Grants of this role need the approval of another person.";
        if (catalog.AncestorsOf(role).FirstOrDefault(approvalRoles.Contains) is { } inherited)
            return $"It inherits from {inherited}, and grants of that need the approval of another person.";
        if (Roles.All.Contains(role)) return null;

        var allowed = catalog.PermissionsOf(role);
        foreach (var guarded in approvalRoles)
        {
            var permission = Permissions.All.FirstOrDefault(
                permission => permission.Writes && allowed.ContainsKey(permission.Name) && catalog.PermissionsOf(guarded).ContainsKey(permission.Name));
            if (permission is not null) return $"It allows {permission.Name} as {guarded} does, and grants of that need the approval of another person.";
        }

        return null;
    }
}
