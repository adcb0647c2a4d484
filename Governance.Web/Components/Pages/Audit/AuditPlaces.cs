using Governance.Domain;
using Governance.Domain.Identity;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>The pages of what events are about.</summary>
internal static class AuditPlaces
{
    /// <summary>Where a thing is shown, and what one must be allowed to open it; none where it has no page.</summary>
    public static (string Href, string Permission)? Of(string type, string reference) => type switch
    {
        "key" when PublicId.TryParse(PublicId.Key, reference, out var id) => (Links.Key(id), Permissions.KeysRead),
        "service_account" when PublicId.TryParse(PublicId.ServiceAccount, reference, out var id) => (Links.ServiceAccount(id), Permissions.ServiceAccountsRead),
        "call" when PublicId.TryParse(PublicId.Request, reference, out var id) => (Links.Request(id), Permissions.RequestsRead),
        "event" when PublicId.TryParse(PublicId.AuditEvent, reference, out var id) => (Links.AuditEntry(id), Permissions.AuditRead),
        "approval" when PublicId.TryParse(PublicId.Approval, reference, out var id) => (Links.Approval(id), Permissions.ApprovalsRead),
        "access_review" when PublicId.TryParse(PublicId.AccessReview, reference, out _) => (Links.AccessReview(reference), Permissions.AccessReviewsRead),
        "connection" when PublicId.TryParse(PublicId.Connection, reference, out _) => (Links.Provider(reference), Permissions.ProvidersRead),
        "team" when Guid.TryParse(reference, out var id) => (Links.Team(id), Permissions.TeamsRead),
        "role" => (Links.Role(reference), Permissions.RolesRead),
        "integration" => (Links.Integrations, Permissions.IntegrationsManage),
        _ => null,
    };
}
