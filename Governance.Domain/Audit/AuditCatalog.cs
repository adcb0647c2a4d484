using System.Collections.Frozen;

namespace Governance.Domain.Audit;

/// <summary>Which category an action belongs to, and how much it matters: so that the one who records an event cannot choose differently each time.</summary>
public static class AuditCatalog
{
    private static readonly FrozenDictionary<string, AuditCategory> Categories = new (AuditCategory Category, string[] Nouns)[]
    {
        (AuditCategory.Authentication, ["sign_in", "sign_out", "session", "token", "second_factor", "passkey", "recovery_codes", "authenticator", "password", "email", "external_login"]),
        (AuditCategory.Access, ["person", "people", "invitation", "membership", "team", "role", "grant", "external_groups", "approval", "access_review", "key", "service_account"]),
        (AuditCategory.Configuration, ["organization", "application", "price", "charge", "budget", "integration", "connection", "route", "content_rule", "limit", "dead_letter"]),
        (AuditCategory.DataAccess, ["export", "personal_data", "content"]),
        (AuditCategory.Usage, ["call", "usage"]),
        (AuditCategory.Audit, ["audit", "subject"]),
    }.SelectMany(group => group.Nouns.Select(noun => KeyValuePair.Create(noun, group.Category))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Actions that matter more than their outcome says.</summary>
    private static readonly FrozenDictionary<string, AuditSeverity> Severities = new Dictionary<string, AuditSeverity>(StringComparer.Ordinal)
    {
        ["token.reused"] = AuditSeverity.Alarm,
        ["audit.check_failed"] = AuditSeverity.Alarm,
        ["audit.check_passed"] = AuditSeverity.Notice,
        ["audit.anchor_failed"] = AuditSeverity.Warning,
        ["audit.anchor_contradicted"] = AuditSeverity.Alarm,
        ["audit.anchor_recovered"] = AuditSeverity.Notice,
        ["audit.key_rotated"] = AuditSeverity.Notice,
        ["audit.heartbeat"] = AuditSeverity.Info,
        ["subject.erased"] = AuditSeverity.Notice,
        ["dead_letter.alarm_raised"] = AuditSeverity.Warning,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every noun an action can begin with.</summary>
    public static IEnumerable<string> Nouns => Categories.Keys;

    /// <exception cref="ArgumentException">The action's noun is not in the catalogue.</exception>
    public static AuditCategory CategoryOf(string action) =>
        Categories.TryGetValue(action.Split('.')[0], out var category)
            ? category
            : throw new ArgumentException($"The audit catalogue has no category for {action}.", nameof(action));

    public static AuditSeverity SeverityOf(string action, AuditOutcome outcome) =>
        Severities.TryGetValue(action, out var severity) ? severity
        : outcome != AuditOutcome.Success ? action.StartsWith("call.", StringComparison.Ordinal) ? AuditSeverity.Notice : AuditSeverity.Warning
        : CategoryOf(action) is AuditCategory.Access or AuditCategory.Configuration or AuditCategory.DataAccess ? AuditSeverity.Notice
        : AuditSeverity.Info;
}
