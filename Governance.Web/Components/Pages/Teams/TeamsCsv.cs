using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Teams;

/// <summary>All teams as a download, archived ones too.</summary>
internal static class TeamsCsv
{
    public static void MapTeamsCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/teams.csv", GetAsync)
        .RequireAuthorization(Permissions.TeamsRead)
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, TeamQueries queries, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var teams = await queries.TreeAsync(actor, archived: true, cancellation);
        var names = teams.ToDictionary(team => team.Id, team => team.Name);
        return CsvDownload.Stream("teams.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(["team_id", "name", "parent", "level", "leads", "people", "applications", "archived_at"]);
            foreach (var team in teams)
            {
                csv.WriteField(team.Id.ToString("n"));
                csv.WriteField(team.Name);
                csv.WriteField(team.ParentId is { } parent ? names[parent] : "");
                csv.WriteField(team.Depth + 1);
                csv.WriteField(string.Join("; ", team.Leads));
                csv.WriteField(team.Members);
                csv.WriteField(team.Applications);
                csv.WriteField(CsvDownload.Instant(team.ArchivedAt));
                await csv.EndRecordAsync(token);
            }
        }
    }
}
