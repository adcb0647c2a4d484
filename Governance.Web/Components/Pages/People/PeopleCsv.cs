using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Import;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.People;

/// <summary>The list of people as a download, and a sample of what can be imported.</summary>
internal static class PeopleCsv
{
    public static void MapPeopleCsv(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/export/people.csv", GetAsync).RequireAuthorization(Permissions.PeopleRead).ExcludeFromDescription();
        endpoints.MapGet("/export/people-import-sample.csv", GetSample).RequireAuthorization(Permissions.PeopleWrite).ExcludeFromDescription();
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, OrganizationService organizations, PeopleQueries queries, string? search, string? state, string? team, string? role, string? sort,
        CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var view = PeopleView.Parse(search, state, team, role, sort, null);
        return CsvDownload.Stream("people.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(["id", "name", "email", "state", "roles", "teams", "added_at", "invitation_expires_at", "last_seen_at"]);
            for (var (number, pages) = (1, 1); number <= pages; number++)
            {
                var page = await queries.ListAsync(actor, view.Filter, view.Order, number, PeopleQueries.MaxPageSize, token);
                pages = page.Pages;
                foreach (var row in page.Rows) await WriteRowAsync(csv, row, token);
            }
        }
    }

    private static async Task WriteRowAsync(CsvWriter csv, PersonRow row, CancellationToken cancellation)
    {
        csv.WriteField(row.Id.ToString("n"));
        csv.WriteField(row.Name);
        csv.WriteField(row.Email);
        csv.WriteField(PeopleView.Slug(row.State));
        csv.WriteField(string.Join("; ", row.Roles.Select(role => role.ScopeName is null ? role.Role : $"{role.Role} for {role.ScopeName}")));
        csv.WriteField(string.Join("; ", row.Teams.Select(team => team.IsLead ? $"{team.Name} (lead)" : team.Name)));
        csv.WriteField(CsvDownload.Instant(row.AddedAt));
        csv.WriteField(CsvDownload.Instant(row.ExpiresAt));
        csv.WriteField(CsvDownload.Instant(row.LastSeenAt));
        await csv.EndRecordAsync(cancellation);
    }

    /// <summary>With a team of the organisation, so that the sample can be imported as it is.</summary>
    private static async Task<IResult> GetSample(HttpContext http, OrganizationService organizations, TeamQueries teams, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var team = (await teams.TreeAsync(actor, archived: false, cancellation)) is [var first, ..] ? first.Name : "";
        return CsvDownload.Stream("people-to-import.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader([.. PeopleFile.Columns]);
            string[][] rows =
            [
                ["Ann Example", "ann@example.com", Roles.CostViewer, team, "organization"],
                ["Bo Example", "bo@example.com", team.Length > 0 ? Roles.Member : Roles.CostViewer, team, team.Length > 0 ? "team" : "organization"],
            ];
            foreach (var row in rows)
            {
                foreach (var field in row) csv.WriteField(field);
                await csv.EndRecordAsync(token);
            }
        }
    }
}
