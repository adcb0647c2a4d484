namespace Governance.Domain.Identity;

/// <summary>Duties that one person must not, or should not, hold at once.</summary>
/// <param name="Message">What is wrong about it, in one sentence.</param>
/// <param name="Forbidden">Whether the grant is refused; others are shown and may be accepted with a reason.</param>
public sealed record DutyConflict(string Message, bool Forbidden);

/// <summary>Finds conflicts among the roles of one person. Sources: NIST SP 800-53 AC-5; the rule that an auditor is never an administrator.</summary>
public static class SegregationOfDuties
{
    /// <summary>The conflicts of holding these roles together.</summary>
    public static IReadOnlyList<DutyConflict> Conflicts(RoleCatalog catalog, IReadOnlyCollection<string> roles)
    {
        var permissions = roles.SelectMany(role => catalog.PermissionsOf(role).Keys).ToHashSet(StringComparer.Ordinal);
        var writes = Permissions.All.Where(permission => permission.Writes && permissions.Contains(permission.Name)).ToList();
        var conflicts = new List<DutyConflict>();
        if (roles.Contains(Roles.Auditor) && writes.Count > 0)
            conflicts.Add(new DutyConflict($"An auditor changes nothing, but these roles together allow {writes[0].Name}.", Forbidden: true));
        if (permissions.Contains(Permissions.GrantsWrite) && permissions.Contains(Permissions.AccessReviewsWrite))
            conflicts.Add(new DutyConflict("Whoever grants roles would also review whether they are still needed.", Forbidden: false));
        if (permissions.Contains(Permissions.PeopleWrite) && permissions.Contains(Permissions.AccessReviewsWrite))
            conflicts.Add(new DutyConflict("Whoever adds people would also review whether they still need their access.", Forbidden: false));
        return conflicts;
    }

    /// <summary>
    /// The conflicts that count when somebody who holds some roles gets others: every forbidden one, and of the others those that they
    /// do not have yet.
    /// </summary>
    public static IReadOnlyList<DutyConflict> Added(RoleCatalog catalog, IReadOnlyCollection<string> held, IReadOnlyCollection<string> holding)
    {
        var known = Conflicts(catalog, held);
        return [.. Conflicts(catalog, holding).Where(conflict => conflict.Forbidden || !known.Contains(conflict))];
    }
}
