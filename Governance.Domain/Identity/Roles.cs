using static Governance.Domain.Identity.Permissions;

namespace Governance.Domain.Identity;

/// <summary>The built-in roles, by the names the field uses. They are the same in every organisation and cannot be changed.</summary>
public static class Roles
{
    public const string SystemAdmin = "system_admin";
    public const string CostViewer = "cost_viewer";
    public const string CostAdmin = "cost_admin";
    public const string Auditor = "auditor";
    public const string ComplianceOfficer = "compliance_officer";
    public const string TeamLead = "team_lead";
    public const string Member = "member";

    /// <summary>The built-in roles with what they allow.</summary>
    public static IReadOnlyList<RoleDefinition> BuiltIn { get; } =
    [
        new(SystemAdmin, "System administrator", "Administers people, roles, keys, prices and settings; reads no prompts and approves nothing of their own.",
            [
                CostsRead, RequestsRead, UsageImport, PricesRead, PricesWrite, BudgetsRead, BudgetsWrite, KeysRead, KeysWrite, ApplicationsWrite, ServiceAccountsRead,
                ServiceAccountsWrite, PeopleRead, PeopleWrite, TeamsRead, TeamsWrite, RolesRead, RolesWrite, GrantsWrite, GrantsApprove,
                SessionsRead, SessionsEnd, ApprovalsRead, AccessReviewsRead, AuditRead, AuditWrite, OrganizationRead, OrganizationWrite,
                IntegrationsManage, MetricsRead, ContentManage, ProvidersRead, ProvidersManage, LimitsRead, LimitsWrite, DeadLettersRead, DeadLettersManage,
            ]),
        new(CostViewer, "Cost viewer", "Reads figures and dashboards.", [CostsRead, RequestsRead, PricesRead, BudgetsRead, KeysRead, ProvidersRead, LimitsRead]),
        new(CostAdmin, "Cost administrator", "Reads all figures; keeps prices, imports and applications.",
            [PricesWrite, UsageImport, BudgetsWrite, ApplicationsWrite, KeysWrite, TeamsRead, ServiceAccountsRead], [CostViewer]),
        new(Auditor, "Auditor", "Reads everything that proves how the organisation is governed, and changes nothing.",
            [
                CostsRead, RequestsRead, PricesRead, BudgetsRead, KeysRead, ServiceAccountsRead, PeopleRead, TeamsRead, RolesRead, SessionsRead,
                ApprovalsRead, AccessReviewsRead, AuditRead, AuditPayloads, AuditExport, OrganizationRead, ProvidersRead, LimitsRead, DeadLettersRead,
            ]),
        new(ComplianceOfficer, "Compliance officer", "Reviews access, approves grants and reads what compliance needs.",
            [
                CostsRead, RequestsRead, PricesRead, BudgetsRead, KeysRead, ServiceAccountsRead, PeopleRead, TeamsRead, RolesRead, GrantsApprove,
                SessionsRead, ApprovalsRead, AccessReviewsRead, AccessReviewsWrite, AuditRead, AuditPayloads, AuditExport, PeopleErase, OrganizationRead,
                ContentRead, ContentManage, ProvidersRead, LimitsRead, DeadLettersRead,
            ]),
        new(TeamLead, "Team lead", "Sees a team's figures and people, and keeps its applications and keys.",
            [KeysWrite, ApplicationsWrite, PeopleRead, TeamsRead], [Member]),
        new(Member, "Member", "Sees a team's figures, calls and keys.", [CostsRead, RequestsRead, PricesRead, KeysRead]),
    ];

    /// <summary>The names of the built-in roles.</summary>
    public static IReadOnlyList<string> All { get; } = [.. BuiltIn.Select(role => role.Name)];

    public static string DisplayName(string role) => BuiltIn.FirstOrDefault(definition => definition.Name == role)?.DisplayName ?? role;
}
