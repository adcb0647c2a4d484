using Governance.Domain;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Infrastructure.Identity.SavedFilters;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Web.Components.Pages.AccessReviews;
using Governance.Web.Components.Pages.Audit;
using Governance.Web.Components.Pages.Costs;
using Governance.Web.Components.Pages.DeadLetters;
using Governance.Web.Components.Pages.Keys;
using Governance.Web.Components.Pages.People;
using Governance.Web.Components.Pages.Requests;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components;

/// <summary>Every link of the pages. What a page shows stands in its URL, so that it can be sent to a colleague.</summary>
internal static class Links
{
    public const string SignOut = "/account/sign-out";

    public static string SignIn(string returnUrl) => Url("/account/sign-in", [("returnUrl", "/" + returnUrl)]);

    public const string Profile = "/account/profile";

    public const string SecondFactor = "/account/second-factor";

    /// <summary>Where somebody proves again who they are before a sensitive change, and comes back from.</summary>
    public static string Confirm(string returnUrl) => Url("/account/confirm", [("returnUrl", "/" + returnUrl)]);

    public static string Overview(PeriodChoice? period = null) => Url("/", Of(period));

    public static string Costs(PeriodChoice? period = null, CostScope? scope = null, CostDimension? by = null, CostSort? sort = null) =>
        Url("/costs", CostsQuery(period, scope, by, sort));

    public static string CostsCsv(PeriodChoice period, CostScope scope, CostDimension by, CostSort sort) =>
        Url("/export/costs.csv", CostsQuery(period, scope, by, sort));

    public static string Requests(PeriodChoice? period = null, CostScope? scope = null, RequestState? state = null, PagePlace? place = null) =>
        Url("/requests", RequestsQuery(period, scope, state, place));

    public static string RequestsCsv(PeriodChoice period, CostScope scope, RequestState? state) =>
        Url("/export/requests.csv", RequestsQuery(period, scope, state, null));

    /// <summary>One call; the list's own state goes along, so that one can go back to it.</summary>
    public static string Request(Guid callId, PeriodChoice? period = null, CostScope? scope = null, RequestState? state = null, PagePlace? place = null) =>
        Url("/requests/" + PublicId.Format(PublicId.Request, callId), RequestsQuery(period, scope, state, place));

    public static string Prices(PeriodChoice? period = null, string? search = null) => Url("/prices", [("search", search), .. Of(period)]);

    /// <summary>Recurring charges: what is paid whether or not anything is called.</summary>
    public static string Charges(PeriodChoice? period = null) => Url("/prices/charges", Of(period));

    /// <summary>How tokens are estimated where a provider reports none.</summary>
    public static string Estimates(PeriodChoice? period = null) => Url("/prices/estimates", Of(period));

    public const string ChargesCsv = "/export/recurring-charges.csv";

    public const string EstimatesCsv = "/export/estimates.csv";

    public static string Keys(PeriodChoice? period = null, bool serviceAccounts = false, bool create = false, KeyFilter? filter = null) =>
        Url(serviceAccounts ? "/keys/service-accounts" : "/keys", [("create", create ? "1" : null), .. filter?.Query() ?? [], .. Of(period)]);

    /// <summary>One key; the list's own filter goes along, so that one can go back to it.</summary>
    public static string Key(Guid keyId, PeriodChoice? period = null, KeyFilter? filter = null) =>
        Url("/keys/" + PublicId.Format(PublicId.Key, keyId), [.. filter?.Query() ?? [], .. Of(period)]);

    /// <summary>One service account; the list's own filter goes along.</summary>
    public static string ServiceAccount(Guid accountId, PeriodChoice? period = null, KeyFilter? filter = null) =>
        Url("/keys/service-accounts/" + PublicId.Format(PublicId.ServiceAccount, accountId), [.. filter?.Query() ?? [], .. Of(period)]);

    public static string Providers(PeriodChoice? period = null, bool add = false) => Url("/providers", [("add", add ? "1" : null), .. Of(period)]);

    /// <summary>One connection, by its name or its public id.</summary>
    public static string Provider(string nameOrId, PeriodChoice? period = null) => Url("/providers/" + Uri.EscapeDataString(nameOrId), Of(period));

    public static string RoutesCsv => "/export/routes.csv";

    public static string ProvidersCsv(PeriodChoice period) => Url("/export/providers.csv", Of(period));

    /// <summary>How many requests and tokens pass.</summary>
    public const string Limits = "/limits";

    public const string LimitsCsv = "/export/limits.csv";
    /// <summary>Work that waits or failed.</summary>
    public static string DeadLetters(DeadLetterView? view = null, PagePlace? place = null) => Url("/dead-letters", [.. view?.Query() ?? [], .. place?.Query() ?? []]);

    /// <summary>One piece of work; the list's own state goes along, so that one can go back to it.</summary>
    public static string DeadLetter(Guid itemId, DeadLetterView? view = null, PagePlace? place = null) =>
        Url("/dead-letters/" + PublicId.Format(PublicId.WorkItem, itemId), [.. view?.Query() ?? [], .. place?.Query() ?? []]);

    public static string DeadLettersCsv(DeadLetterView view) => Url("/export/dead-letters.csv", view.Query());

    public static string People(PeopleView? view = null) => Url("/people", view?.Query() ?? []);

    public static string PeopleCsv(PeopleView view) => Url("/export/people.csv", (view with { Page = 1 }).Query());

    public static string Person(Guid personId) => $"/people/{personId:n}";

    public const string PeopleImport = "/people/import";

    public const string PeopleImportSample = "/export/people-import-sample.csv";

    public static string Teams(bool archived = false) => Url("/teams", [("archived", archived ? "1" : null)]);

    public static string Team(Guid teamId) => $"/teams/{teamId:n}";

    public const string TeamsCsv = "/export/teams.csv";

    /// <summary>The organisation's settings; says that they were saved, if they were.</summary>
    public static string OrganizationSettings(bool saved = false) => Url("/settings/organization", [("saved", saved ? "1" : null)]);

    /// <summary>The rules by which prompts and completions are kept.</summary>
    public const string ContentCapture = "/content-capture";

    /// <summary>The systems that get the organisation's events.</summary>
    public const string Integrations = "/settings/integrations";

    /// <summary>One's own sessions.</summary>
    public const string OwnSessions = "/sessions";

    /// <summary>Everybody's sessions.</summary>
    public static string Sessions(SessionFilter? filter = null, PagePlace? place = null) => Url("/settings/sessions", SessionsQuery(filter, place));

    public static string SessionsCsv(SessionFilter filter) => Url("/export/sessions.csv", SessionsQuery(filter, null));

    public static string KeysCsv(KeyFilter filter) => Url("/export/keys.csv", filter.Query());

    /// <summary>What one may do oneself, and why.</summary>
    public const string OwnAccess = "/access";

    public static string PersonAccess(Guid personId) => $"/people/{personId:n}/access";

    public static string Approvals(ApprovalFilter? filter = null, PagePlace? place = null) => Url("/approvals", ApprovalsQuery(filter, place));

    public static string Approval(Guid requestId) => "/approvals/" + PublicId.Format(PublicId.Approval, requestId);

    public static string ApprovalsCsv(ApprovalFilter filter) => Url("/export/approvals.csv", ApprovalsQuery(filter, null));

    public const string Roles = "/roles";

    /// <summary>No role's name has a hyphen.</summary>
    public const string NewRole = "/roles/new-role";

    public static string Role(string name, bool allGrants = false, PagePlace? place = null) =>
        Url("/roles/" + Uri.EscapeDataString(name), [("state", allGrants ? "all" : null), .. place?.Query() ?? []]);

    public static string EditRole(string name) => $"/roles/{Uri.EscapeDataString(name)}/edit";

    public const string RolesCsv = "/export/roles.csv";

    public static string GrantsCsv(GrantFilter filter) => Url("/export/grants.csv",
        [("role", filter.Role), ("person", filter.PersonId?.ToString("n")), ("state", filter.ActiveOnly ? null : "all")]);

    public static string ServiceAccountsCsv(KeyFilter filter) => Url("/export/service-accounts.csv", filter.Query());

    public static string AccessReviews(bool start = false) => Url("/access-reviews", [("start", start ? "1" : null)]);

    public static string AccessReview(string publicId) => $"/access-reviews/{publicId}";

    public static string AccessReview(AccessReview review, AccessReviewFilter? filter = null, PagePlace? place = null, bool print = false) =>
        Url($"/access-reviews/{review.PublicId}", [.. ReviewFilterQuery.Of(filter), .. place?.Query() ?? [], ("print", print ? "1" : null)]);

    public static string AccessReviewCsv(AccessReview review, AccessReviewFilter filter) =>
        Url($"/export/access-reviews/{review.PublicId}.csv", ReviewFilterQuery.Of(filter));

    public static string AccessReviewEvidence(AccessReview review) => $"/export/access-reviews/{review.PublicId}.json";

    /// <summary>Where one changes what a review looks at.</summary>
    public static string Reviewed(AccessReviewItem item) => item.Kind switch
    {
        ReviewedKind.Grant => PersonAccess(item.PersonId!.Value),
        ReviewedKind.Key => Keys(),
        _ => Keys(serviceAccounts: true),
    };

    public static string Audit(PeriodChoice? period = null, AuditView? view = null, PagePlace? place = null, bool live = false) =>
        Url("/audit", [.. AuditQuery(period, view), .. place?.Query() ?? [], ("live", live ? "1" : null)]);

    /// <summary>What of the log's URL is worth keeping: not the text that is searched for, which may name somebody whom erasing would not reach there.</summary>
    public static string AuditFilters(PeriodChoice period, AuditView view) => Audit(period, view with { Containing = null }).Split('?', 2) is [_, var query] ? query : "";

    /// <summary>The page of a saved filter, as it was saved. Areas are named as their pages.</summary>
    public static string Saved(SavedFilter filter) => $"/{filter.Area}?{filter.Query}";

    public const string AuditIntegrity = "/audit/integrity";

    /// <summary>One entry; the list's own state goes along, so that one can go back to it.</summary>
    public static string AuditEntry(Guid eventId, PeriodChoice? period = null, AuditView? view = null, PagePlace? place = null) =>
        Url("/audit/" + PublicId.Format(PublicId.AuditEvent, eventId), [.. AuditQuery(period, view), .. place?.Query() ?? []]);

    /// <summary>A finished export; it can be fetched once.</summary>
    public static string AuditZip(Guid runId) => $"/export/audit/{runId:n}.zip";

    public static string AuditCsv(PeriodChoice period, AuditView view) => Url("/export/audit.csv", AuditQuery(period, view with { Containing = null }));

    public static string AuditJsonLines(PeriodChoice period, AuditView view) => Url("/export/audit.jsonl", AuditQuery(period, view with { Containing = null }));

    public static string AuditProof(Guid eventId) => $"/export/audit/{PublicId.Format(PublicId.AuditEvent, eventId)}.json";

    public static string PricesCsv(string? search) => Url("/export/prices.csv", [("search", search)]);

    private static IEnumerable<(string Name, string? Value)> CostsQuery(
        PeriodChoice? period, CostScope? scope, CostDimension? by, CostSort? sort) =>
    [
        .. Of(period),
        ("by", by is null or CostDimension.Team ? null : Slug(by.Value)),
        .. scope?.Query() ?? [],
        ("sort", sort is null || sort == CostSort.Default ? null : sort.ToString()),
    ];

    private static IEnumerable<(string Name, string? Value)> SessionsQuery(SessionFilter? filter, PagePlace? place) =>
    [
        ("search", string.IsNullOrWhiteSpace(filter?.Search) ? null : filter.Search),
        ("person", filter?.PersonId?.ToString("n")),
        ("state", filter?.OpenOnly is false ? "all" : null),
        .. place?.Query() ?? [],
    ];

    private static IEnumerable<(string Name, string? Value)> ApprovalsQuery(ApprovalFilter? filter, PagePlace? place) =>
    [
        ("view", filter is null or { View: ApprovalView.ToDecide } ? null : filter.View.ToString().ToLowerInvariant()),
        ("state", filter?.State?.ToString().ToLowerInvariant()),
        ("kind", filter?.Kind),
        .. place?.Query() ?? [],
    ];

    private static IEnumerable<(string Name, string? Value)> AuditQuery(PeriodChoice? period, AuditView? view) => [.. Of(period), .. view?.Query() ?? []];

    private static IEnumerable<(string Name, string? Value)> RequestsQuery(
        PeriodChoice? period, CostScope? scope, RequestState? state, PagePlace? place) =>
        [.. Of(period), .. scope?.Query() ?? [], ("outcome", state?.ToString()), .. place?.Query() ?? []];

    public static string Slug(CostDimension dimension) => dimension switch
    {
        CostDimension.Team => "team",
        CostDimension.Application => "application",
        CostDimension.Key => "key",
        CostDimension.Model => "model",
        CostDimension.Provider => "provider",
        CostDimension.Person => "person",
        CostDimension.Hour => "hour",
        CostDimension.Month => "month",
        _ => "day",
    };

    private static IEnumerable<(string Name, string? Value)> Of(PeriodChoice? period) => period?.Query() ?? [];

    private static string Url(string path, IEnumerable<(string Name, string? Value)> query)
    {
        var parts = query.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        var text = string.Join('&', parts);
        return text.Length == 0 ? path : $"{path}?{text}";
    }
}
