using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>What the codes of the log mean in words.</summary>
internal static class AuditWords
{
    /// <summary>Where the code alone, read as words, would say too little.</summary>
    private static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["approval.proposed"] = "Asked for approval",
        ["audit.anchor_failed"] = "Could not deposit the log's root elsewhere",
        ["audit.anchor_contradicted"] = "A deposit elsewhere contradicts the log",
        ["audit.anchor_recovered"] = "Could deposit the log's root elsewhere again",
        ["audit.deposit_requested"] = "Asked to deposit the log's root elsewhere",
        ["audit.check_failed"] = "Found the audit log changed",
        ["audit.heartbeat"] = "Counted the calls that ended",
        ["audit.key_rotated"] = "Changed the log's signing key",
        ["call.caller_gone"] = "Request: caller hung up",
        ["call.interrupted"] = "Request interrupted",
        ["call.provider_cut"] = "Request cut off by the provider",
        ["call.provider_error"] = "Request failed at the provider",
        ["call.provider_garbage"] = "Request: unreadable answer",
        ["call.provider_timeout"] = "Request timed out",
        ["call.provider_unreachable"] = "Request: provider unreachable",
        ["call.refused"] = "Request refused",
        ["call.succeeded"] = "Request answered",
        ["application.response_cache_changed"] = "Response cache of an application changed",
        ["connection.approved"] = "Connection to a provider approved",
        ["connection.breaker_reset"] = "Connection to a provider let calls through by hand",
        ["connection.changed"] = "Connection to a provider changed",
        ["connection.created"] = "Connection to a provider added",
        ["connection.deleted"] = "Connection to a provider deleted",
        ["connection.made_default"] = "Connection to a provider made the default",
        ["connection.tested"] = "Connection to a provider tested",
        ["connection.withdrawn"] = "Connection's approval withdrawn",
        ["content.expired"] = "Captured content deleted at its end",
        ["content.read"] = "Captured content read",
        ["content_rule.changed"] = "Rule of content capture changed",
        ["content_rule.created"] = "Rule of content capture added",
        ["content_rule.removed"] = "Rule of content capture removed",
        ["dead_letter.alarm_cleared"] = "Alarm about failed work ended",
        ["dead_letter.alarm_raised"] = "Alarm about failed work",
        ["dead_letter.bulk_cancelled"] = "Change to many pieces of work cancelled",
        ["dead_letter.bulk_finished"] = "Change to many pieces of work finished",
        ["dead_letter.bulk_started"] = "Change to many pieces of work begun",
        ["dead_letter.discarded"] = "Failed work discarded",
        ["dead_letter.edited"] = "Failed work edited and retried",
        ["dead_letter.retried"] = "Failed work retried",
        ["email.change_requested"] = "Mail address change requested",
        ["email.changed"] = "Mail address changed",
        ["export.created"] = "Data exported",
        ["external_groups.refused"] = "Roles from another system's groups refused",
        ["external_login.linked"] = "External sign-in linked",
        ["grant.created"] = "Role granted",
        ["grant.revoked"] = "Role revoked",
        ["integration.changed"] = "Receiver of events changed",
        ["integration.created"] = "Receiver of events added",
        ["integration.failed"] = "Events did not reach a receiver for an hour",
        ["integration.recovered"] = "Events reach a receiver again",
        ["integration.removed"] = "Receiver of events removed",
        ["integration.tested"] = "Test event sent to a receiver",
        ["key.overlap_ended"] = "Key's old secret ended",
        ["key.signing_key_created"] = "Signing key created for a key",
        ["key.signing_key_revoked"] = "Signing key of a key revoked",
        ["limit.changed"] = "Limit of requests and tokens changed",
        ["limit.created"] = "Limit of requests and tokens set",
        ["limit.deleted"] = "Limit of requests and tokens deleted",
        ["membership.created"] = "Team membership begun",
        ["membership.ended"] = "Team membership ended",
        ["membership.lead_ended"] = "No longer leads the team",
        ["membership.lead_set"] = "Made lead of the team",
        ["organization.settings_changed"] = "Organisation's settings changed",
        ["organization.created"] = "Organisation created",
        ["route.changed"] = "Route changed",
        ["route.created"] = "Route added",
        ["route.deleted"] = "Route deleted",
        ["service_account.overlap_ended"] = "Service account's old secret ended",
        ["personal_data.read"] = "Personal data read",
        ["personal_data.searched"] = "Personal data searched",
        ["session.proved"] = "Proved again who they are",
        ["sign_in.failed"] = "Sign-in failed",
        ["sign_in.succeeded"] = "Signed in",
        ["sign_in.unlocked"] = "Sign-in unlocked",
        ["subject.erased"] = "Person's data erased",
        ["token.reused"] = "Refresh token used twice",
    };

    /// <summary>The kinds of things that events are about, for the filter.</summary>
    public static IReadOnlyList<string> ResourceTypes { get; } =
    [
        "access_review", "application", "approval", "audit_log", "call", "connection", "content", "content_rule", "data_key", "dead_letter", "download", "event", "grant", "integration", "invitation", "key", "limit", "membership", "organization",
        "people", "person", "price", "role", "service_account", "session", "team", "token_family", "usage",
    ];

    public static string Action(string action) => Actions.GetValueOrDefault(action) ?? Sentence(action);

    public static string Resource(string type) => type switch
    {
        "call" => "Request",
        "content" => "Captured content",
        "content_rule" => "Rule of content capture",
        "organization" => "Organisation",
        "event" => "Audit entry",
        "token_family" => "Sign-in of a program",
        _ => Sentence(type),
    };

    public static string Of(AuditCategory category) => category switch
    {
        AuditCategory.Authentication => "Signing in",
        AuditCategory.DataAccess => "Data access",
        AuditCategory.Audit => "Audit log",
        _ => category.ToString(),
    };

    public static string Of(AuditSeverity severity) => severity.ToString();

    public static string Of(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Success => "Succeeded",
        AuditOutcome.Failure => "Failed",
        _ => outcome.ToString(),
    };

    /// <summary>Who did it, where that is nobody with a page.</summary>
    public static string Of(AuditActorKind kind) => kind switch
    {
        AuditActorKind.Person => "Erased person",
        AuditActorKind.ServiceAccount => "Service account",
        AuditActorKind.Key => "Key",
        AuditActorKind.System => "The program",
        AuditActorKind.Anonymous => "Somebody not signed in",
        _ => "Another system",
    };

    /// <summary>Whom or what a part of a payload is about.</summary>
    public static string About(AuditPartRow part) => part.Owner switch
    {
        DataKeyOwner.Person => part.Person?.Name ?? "Erased person",
        DataKeyOwner.Visitors => "A visitor who had not signed in",
        _ => "The organisation",
    };

    /// <summary>A code as words: <c>service_account.revoked</c> is "Service account revoked".</summary>
    private static string Sentence(string code)
    {
        var words = code.Replace('_', ' ').Replace('.', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
