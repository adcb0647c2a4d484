using System.Collections.Frozen;

namespace Governance.Domain.Identity;

/// <summary>What can be allowed: a resource and an action, written <c>resource.action</c>. Roles are made of these.</summary>
public static class Permissions
{
    public const string CostsRead = "costs.read";
    public const string RequestsRead = "requests.read";
    public const string UsageImport = "usage.import";
    public const string PricesRead = "prices.read";
    public const string PricesWrite = "prices.write";
    public const string BudgetsRead = "budgets.read";
    public const string BudgetsWrite = "budgets.write";
    public const string KeysRead = "keys.read";
    public const string KeysWrite = "keys.write";
    public const string ApplicationsWrite = "applications.write";
    public const string ServiceAccountsRead = "service_accounts.read";
    public const string ServiceAccountsWrite = "service_accounts.write";
    public const string PeopleRead = "people.read";
    public const string PeopleWrite = "people.write";
    public const string TeamsRead = "teams.read";
    public const string TeamsWrite = "teams.write";
    public const string RolesRead = "roles.read";
    public const string RolesWrite = "roles.write";
    public const string GrantsWrite = "grants.write";
    public const string GrantsApprove = "grants.approve";
    public const string SessionsRead = "sessions.read";
    public const string SessionsEnd = "sessions.end";
    public const string ApprovalsRead = "approvals.read";
    public const string AccessReviewsRead = "access_reviews.read";
    public const string AccessReviewsWrite = "access_reviews.write";
    public const string AuditRead = "audit.read";
    public const string AuditPayloads = "audit_payloads.read";
    public const string AuditExport = "audit_exports.read";
    public const string AuditWrite = "audit.write";
    public const string PeopleErase = "people.erase";
    public const string OrganizationRead = "organization.read";
    public const string OrganizationWrite = "organization.write";
    public const string IntegrationsManage = "integrations.manage";
    public const string ContentRead = "content.read";
    public const string ContentManage = "content.manage";
    public const string MetricsRead = "metrics.read";
    public const string ProvidersRead = "providers.read";
    public const string ProvidersManage = "providers.manage";
    public const string LimitsRead = "limits.read";
    public const string LimitsWrite = "limits.write";
    public const string DeadLettersRead = "dead_letters.read";
    public const string DeadLettersManage = "dead_letters.manage";

    /// <summary>Every permission with what it allows, in the order in which pages list them.</summary>
    public static IReadOnlyList<Permission> All { get; } =
    [
        new(CostsRead, "See costs and dashboards", TeamScoped: true),
        new(RequestsRead, "See single calls: metadata, tokens and cost, never their text", TeamScoped: true),
        new(UsageImport, "Import usage that was measured elsewhere"),
        new(PricesRead, "See prices", TeamScoped: true), // Prices belong to no team: whoever sees a team's figures sees what they were made with.
        new(PricesWrite, "Change prices"),
        new(BudgetsRead, "See budgets, and what of them is spent and held"),
        new(BudgetsWrite, "Set and remove budgets"),
        new(KeysRead, "See the keys of applications, never their secrets", TeamScoped: true),
        new(KeysWrite, "Create, change, rotate and revoke keys of applications", TeamScoped: true),
        new(ApplicationsWrite, "Register applications", TeamScoped: true),
        new(ServiceAccountsRead, "See service accounts, never their secrets"),
        new(ServiceAccountsWrite, "Create, change and revoke service accounts"),
        new(PeopleRead, "See people", TeamScoped: true),
        new(PeopleWrite, "Invite, change, disable and import people"),
        new(TeamsRead, "See teams and who belongs to them", TeamScoped: true),
        new(TeamsWrite, "Create and change teams and memberships"),
        new(RolesRead, "See roles, and who holds which"),
        new(RolesWrite, "Define roles"),
        new(GrantsWrite, "Grant and revoke roles"),
        new(GrantsApprove, "Approve grants that others propose"),
        new(SessionsRead, "See everybody's sessions"),
        new(SessionsEnd, "End anybody's sessions"),
        new(ApprovalsRead, "See every approval"),
        new(AccessReviewsRead, "See access reviews"),
        new(AccessReviewsWrite, "Start access reviews and decide in them"),
        new(AuditRead, "See the audit log: who did what, when and to what"),
        new(AuditPayloads, "See what the audit log says about people, such as their network address"),
        new(AuditExport, "Export the audit log with all it says"),
        new(AuditWrite, "Record events of other systems in the audit log"),
        new(PeopleErase, "Erase people's data for good"),
        new(OrganizationRead, "See the organisation's settings"),
        new(OrganizationWrite, "Change the organisation's settings"),
        new(IntegrationsManage, "See and change which systems get the organisation's events"),
        new(ContentRead, "Read captured prompts and completions; each look is recorded"),
        new(ContentManage, "Decide whose prompts and completions are captured, and for how long"),
        new(MetricsRead, "Read metrics of calls and of the program, for monitoring"),
        new(ProvidersRead, "See connections to providers, how they do and what they cost, never their keys"),
        new(ProvidersManage, "Add, change, test, approve and delete connections to providers, and keep routes and response caches"),
        new(LimitsRead, "See limits of requests and tokens, and how much of them is used"),
        new(LimitsWrite, "Set and delete limits of requests and tokens"),
        new(DeadLettersRead, "See work that waits or failed, never secrets or anybody's text"),
        new(DeadLettersManage, "Retry, edit and discard work that failed, and approve what others propose about it"),
    ];

    private static readonly FrozenSet<string> Names = All.Select(permission => permission.Name).ToFrozenSet(StringComparer.Ordinal);

    public static bool Exists(string name) => Names.Contains(name);
}

/// <summary>A permission and what it allows.</summary>
/// <param name="Name"><c>resource.action</c>.</param>
/// <param name="Description">What whoever holds it may do.</param>
/// <param name="TeamScoped">Whether it can be held for a team or an application; others mean the whole organisation or nothing.</param>
public sealed record Permission(string Name, string Description, bool TeamScoped = false)
{
    /// <summary>Whether it changes something.</summary>
    public bool Writes => !Name.EndsWith(".read", StringComparison.Ordinal);
}
