using Governance.Domain;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    public static IReadOnlyList<AccessLine> Routes { get; } =
    [
        // Before and outside a sign-in.
        Open("GET /setup"),
        Open("GET /error"),
        Open("GET /account/sign-in"),
        Open("GET /account/access-denied"),
        Open("POST /account/sign-out"),
        Open("GET /health/live"),
        Open("GET /health/ready"),
        Open("GET /openapi/{documentName}.json", _ => "/openapi/v1.json"),

        // Pages.
        Route("GET /", PageReaders),
        Route("GET /costs", PageReaders),
        Route("GET /requests", PageReaders),
        Route("GET /requests/{Id}", PageReaders, world => "/requests/" + PublicId.Format(PublicId.Request, world.CallId)),
        Route("GET /prices", PageReaders),
        Route("GET /keys", PageReaders),
        Route("GET /keys/{Id}", PageReaders, world => "/keys/" + PublicId.Format(PublicId.Key, world.Tenant.Key.Id)),
        Route("GET /keys/service-accounts", Pages(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer)),
        Route("GET /keys/service-accounts/{Id}", Pages(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer), _ => "/keys/service-accounts/" + PublicId.Format(PublicId.ServiceAccount, Guid.Empty)),
        Route("GET /providers", Pages(ProviderReaders)),
        Route("GET /providers/{Id}", Pages(ProviderReaders), _ => "/providers/none"),
        Route("GET /limits", Pages(ProviderReaders)),
        Route("GET /sessions", AnyPerson),
        Route("GET /people", Pages(SystemAdmin, Auditor, ComplianceOfficer, TeamLead)),
        Route("GET /people/{Id}", Pages(SystemAdmin, Auditor, ComplianceOfficer, TeamLead), world => $"/people/{world.ActorOf(Member).Id:n}"),
        Route("GET /people/import", Pages(SystemAdmin)),
        Route("GET /teams", Pages(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer, TeamLead)),
        Route("GET /teams/{Id}", Pages(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer, TeamLead), world => $"/teams/{world.Tenant.Application.TeamId:n}"),
        Route("GET /settings/organization", Pages(SystemAdmin, Auditor, ComplianceOfficer)),
        Route("GET /settings/sessions", Pages(SystemAdmin, Auditor, ComplianceOfficer)),
        Route("GET /settings/integrations", Pages(SystemAdmin)),
        Route("GET /approvals", AnyPerson),
        Route("GET /approvals/{Id}", AnyPerson, _ => "/approvals/apr_0"),
        Route("GET /access", AnyPerson),
        Route("GET /people/{PersonId:guid}/access", Pages(SystemAdmin, Auditor, ComplianceOfficer), world => $"/people/{world.ActorOf(Member).Id}/access"),
        Route("GET /roles", Pages(SystemAdmin, Auditor, ComplianceOfficer)),
        Route("GET /roles/{Name}", Pages(SystemAdmin, Auditor, ComplianceOfficer), _ => "/roles/member"),
        Route("GET /roles/new-role", Pages(SystemAdmin)),
        Route("GET /roles/{Name}/edit", Pages(SystemAdmin), _ => "/roles/member/edit"),

        Route("GET /access-reviews", Pages(Overseers)),
        Route("GET /access-reviews/{Id}", Pages(Overseers), _ => "/access-reviews/none"),

        Route("GET /content-capture", Pages(SystemAdmin, ComplianceOfficer)),
        Route("GET /audit", Pages(Overseers)),
        Route("GET /audit/integrity", Pages(Overseers)),
        Route("GET /audit/{Id}", Pages(Overseers), _ => "/audit/none"),

        Open("GET /not-found"),
        Route("GET /{**path:file}", AnyPerson, _ => "/no-such-file.txt"),
        Route("HEAD /{**path:file}", AnyPerson, _ => "/no-such-file.txt"),
        Open("GET /account/accept-invitation"),
        Open("GET /account/confirm-email"),
        Open("GET /account/forgot-password"),
        Open("GET /account/register"),
        Open("GET /account/reset-password"),
        Open("GET /account/two-step"),
        Open("POST /account/passkeys/request-options"),
        Route("GET /{*path}", AnyPerson, _ => "/no-such-page"),

        // Of oneself.
        Route("GET /account/confirm", AnyPerson),
        Route("GET /account/password", AnyPerson),
        Route("GET /account/profile", AnyPerson),
        Route("GET /account/second-factor", AnyPerson),
        Route("POST /account/passkeys/creation-options", AnyPerson),

        // The API, with an access token of each person.
        Api("GET /api/v1/costs", PageReaders),
        Api("GET /api/v1/connections", Pages(ProviderReaders)),
        Api("GET /api/v1/routes", Pages(ProviderReaders)),
        Api("PUT /api/v1/routes/{kind}/{**model}", Pages(SystemAdmin), _ => "/api/v1/routes/none/none"),
        Api("DELETE /api/v1/routes/{routeId}", Pages(SystemAdmin), _ => "/api/v1/routes/none"),
        Api("GET /api/v1/response-cache", Pages(ProviderReaders)),
        Api("PUT /api/v1/response-cache/{applicationId}", Pages(SystemAdmin), _ => "/api/v1/response-cache/none"),
        Api("DELETE /api/v1/response-cache/{applicationId}", Pages(SystemAdmin), _ => "/api/v1/response-cache/none"),
        Api("GET /api/v1/budgets", Pages(SystemAdmin, CostViewer, CostAdmin, Auditor, ComplianceOfficer)),
        Api("PUT /api/v1/budgets/{scope}/{scopeId}/{window}", Pages(SystemAdmin, CostAdmin), _ => "/api/v1/budgets/none/none/none"),
        Api("POST /api/v1/budgets/{budgetId}/release", Pages(SystemAdmin, CostAdmin), _ => "/api/v1/budgets/none/release"),
        Api("DELETE /api/v1/budgets/{budgetId}", Pages(SystemAdmin, CostAdmin), _ => "/api/v1/budgets/none"),
        Api("GET /api/v1/limits", Pages(ProviderReaders)),
        Api("PUT /api/v1/limits/{scope}/{target}", Pages(SystemAdmin), _ => "/api/v1/limits/none/default"),
        Api("DELETE /api/v1/limits/{limitId}", Pages(SystemAdmin), _ => "/api/v1/limits/none"),
        Api("GET /api/v1/requests", PageReaders),
        Api("GET /api/v1/requests/{requestId}", Readers, world => "/api/v1/requests/" + PublicId.Format(PublicId.Request, world.CallId)),
        .. AuditApiRoutes,
        .. PriceRoutes,
        .. DeadLetterRoutes,
        Api("GET /metrics", Pages(SystemAdmin)),
        Api("GET /api/v1/{*path}", AnyPerson, _ => "/api/v1/nothing-here"),
        Open("POST /api/v1/auth/token"),
        Open("GET /.well-known/jwks.json"),
        Open("GET /v1/{**path}", _ => "/v1/models"),
        Open("POST /{**path}", _ => "/nothing-here"),
        Open("PUT /{**path}", _ => "/nothing-here"),
        Open("PATCH /{**path}", _ => "/nothing-here"),
        Open("DELETE /{**path}", _ => "/nothing-here"),

        // The proxy takes keys of applications only: see the proxy's own tests.
        Route("GET /proxy/{**path}", Nobody, _ => "/proxy/openai/v1/models"),

        // External sign-in.
        Open("POST /account/external/{provider}", _ => "/account/external/none"),
        Open("GET /account/external/return"),

        // Downloads.
        Route("GET /export/costs.csv", PageReaders),
        Route("GET /export/requests.csv", PageReaders),
        Route("GET /export/prices.csv", PageReaders),
        Route("GET /export/providers.csv", Pages(ProviderReaders)),
        Route("GET /export/limits.csv", Pages(ProviderReaders)),
        Route("GET /export/routes.csv", Pages(ProviderReaders)),
        Route("GET /export/keys.csv", PageReaders),
        Route("GET /export/service-accounts.csv", Pages(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer)),
        Route("GET /export/people.csv", Pages(SystemAdmin, Auditor, ComplianceOfficer, TeamLead)),
        Route("GET /export/people-import-sample.csv", Pages(SystemAdmin)),
        Route("GET /export/teams.csv", Pages(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer, TeamLead)),
        Route("GET /export/sessions.csv", Pages(SystemAdmin, Auditor, ComplianceOfficer)),
        Route("GET /export/approvals.csv", AnyPerson),
        Route("GET /export/roles.csv", Pages(SystemAdmin, Auditor, ComplianceOfficer)),
        Route("GET /export/grants.csv", Pages(SystemAdmin, Auditor, ComplianceOfficer)),
        Route("GET /export/audit/{id:guid}.zip", Pages(Auditor, ComplianceOfficer), _ => $"/export/audit/{Guid.Empty:n}.zip"),
        Route("GET /export/audit.csv", Pages(Auditor, ComplianceOfficer)),
        Route("GET /export/audit.jsonl", Pages(Auditor, ComplianceOfficer)),
        Route("GET /export/audit/{id}.json", Pages(Overseers), _ => "/export/audit/none.json"),
        Route("GET /export/access-reviews/{id}.csv", Pages(Overseers), _ => "/export/access-reviews/none.csv"),
        Route("GET /export/access-reviews/{id}.json", Pages(Overseers), _ => "/export/access-reviews/none.json"),
    ];
}
