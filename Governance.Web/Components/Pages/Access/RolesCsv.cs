using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Access;

/// <summary>Roles and grants as downloads.</summary>
internal static class RolesCsv
{
    public static void MapRolesCsv(this IEndpointRouteBuilder endpoints)
    {
        var exports = endpoints.MapGroup("/export").ExcludeFromDescription();
        exports.MapGet("/roles.csv", GetRolesAsync).RequireAuthorization(Permissions.RolesRead);
        exports.MapGet("/grants.csv", GetGrantsAsync).RequireAuthorization(Permissions.RolesRead);
    }

    private static async Task<IResult> GetRolesAsync(HttpContext http, OrganizationService organizations, RoleQueries roles, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var rows = await roles.ListAsync(actor, cancellation);
        return CsvDownload.Stream("roles.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(["name", "display_name", "description", "built_in", "inherits", "own_permissions", "holders", "archived_at"]);
            foreach (var row in rows)
            {
                csv.WriteField(row.Role.Name);
                csv.WriteField(row.Role.DisplayName);
                csv.WriteField(row.Role.Description);
                csv.WriteField(row.IsBuiltIn);
                csv.WriteField(string.Join(' ', row.Role.Inherits));
                csv.WriteField(string.Join(' ', row.Role.Permissions));
                csv.WriteField(row.Holders);
                csv.WriteField(CsvDownload.Instant(row.ArchivedAt));
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static async Task<IResult> GetGrantsAsync(HttpContext http, OrganizationService organizations, GrantQueries grants, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var query = http.Request.Query;
        var filter = new GrantFilter(
            query["role"].ToString() is { Length: > 0 } role ? role : null, Guid.TryParse(query["person"], out var person) ? person : null, query["state"] != "all");
        return CsvDownload.Stream("grants.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader([
                "grant_id", "person", "email", "role", "scope_kind", "scope", "state", "source", "granted_at", "granted_by", "approval_id", "expires_at",
                "revoked_at", "revoked_by", "reason",
            ]);
            for (string? cursor = null; ;)
            {
                var page = await grants.ListAsync(actor, filter, cursor, Page<GrantRow>.MaxSize, token);
                foreach (var row in page.Items)
                {
                    Write(csv, row);
                    await csv.EndRecordAsync(token);
                }

                if (page.Next is null) return;
                cursor = page.Next;
            }
        }
    }

    private static void Write(CsvWriter csv, GrantRow row)
    {
        var grant = row.Grant;
        csv.WriteField(grant.Id.ToString("n"));
        csv.WriteField(row.PersonName);
        csv.WriteField(row.PersonEmail);
        csv.WriteField(grant.Role);
        csv.WriteField(grant.ScopeKind.ToString());
        csv.WriteField(row.ScopeName);
        csv.WriteField(row.State.ToString());
        csv.WriteField(grant.Source.ToString());
        csv.WriteField(CsvDownload.Instant(grant.GrantedAt));
        csv.WriteField(row.GrantedBy);
        csv.WriteField(grant.ApprovalId is { } approval ? Domain.PublicId.Format(Domain.PublicId.Approval, approval) : null);
        csv.WriteField(CsvDownload.Instant(grant.ExpiresAt));
        csv.WriteField(CsvDownload.Instant(grant.RevokedAt));
        csv.WriteField(row.RevokedBy);
        csv.WriteField(grant.Reason);
    }
}
