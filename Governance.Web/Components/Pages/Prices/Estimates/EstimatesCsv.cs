using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Prices.Estimates;

/// <summary>How tokens are estimated, as a download: a row a model and side.</summary>
internal static class EstimatesCsv
{
    public static void MapEstimatesCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/estimates.csv", GetAsync)
        .RequireAuthorization(Permissions.PricesRead)
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, EstimateQueries queries, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var report = await queries.LoadAsync(actor, cancellation);
        return CsvDownload.Stream("estimates.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(
            [
                "provider", "model", "side", "calls", "bytes_per_token", "measured_on", "held_back_calls", "median_error", "p90_error",
                "median_error_at_4_bytes", "calibrated_at",
            ]);
            foreach (var model in report.Models)
            {
                foreach (var side in (SideEstimate[])[model.Prompt, model.Output])
                {
                    csv.WriteField(model.Provider);
                    csv.WriteField(model.Model);
                    csv.WriteField(side.Used.Side.ToString());
                    csv.WriteField(side.Rows);
                    csv.WriteField(side.Used.MilliBytes / 1000m);
                    csv.WriteField(side.Used.Basis.ToString());
                    csv.WriteField(side.Error?.Rows ?? 0);
                    csv.WriteField(side.Error?.MedianPermille / 1000m);
                    csv.WriteField(side.Error?.NinetiethPermille / 1000m);
                    csv.WriteField(side.Error?.UncalibratedPermille / 1000m);
                    csv.WriteField(CsvDownload.Instant(report.CalibratedAt));
                    await csv.EndRecordAsync(token);
                }
            }
        }
    }
}
