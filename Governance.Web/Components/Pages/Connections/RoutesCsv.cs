using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Resilience;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>The routes as a download, a line a target.</summary>
internal static class RoutesCsv
{
    private static readonly string[] Columns = ["route_id", "kind", "model", "enabled", "step", "weight", "connection", "target_model", "created_at"];

    public static void MapRoutesCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/routes.csv", GetAsync).RequireAuthorization(Permissions.ProvidersRead).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, RouteService routes, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var rows = await routes.ListAsync(actor, cancellation);
        return CsvDownload.Stream("routes.csv", async (csv, token) =>
        {
            csv.WriteHeader(Columns);
            foreach (var (route, target) in rows.SelectMany(route => route.Targets.OrderBy(target => target.Priority).Select(target => (route, target))))
            {
                csv.WriteField(route.PublicId);
                csv.WriteField(route.Kind);
                csv.WriteField(route.Model);
                csv.WriteField(route.Enabled);
                csv.WriteField(target.Priority);
                csv.WriteField(target.Weight);
                csv.WriteField(target.Connection);
                csv.WriteField(target.Model);
                csv.WriteField(CsvDownload.Instant(route.CreatedAt));
                await csv.EndRecordAsync(token);
            }
        }, cancellation);
    }
}
