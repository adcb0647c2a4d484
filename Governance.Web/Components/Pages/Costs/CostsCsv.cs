using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Costs;

/// <summary>The table of costs as a download: the same rows in the same order.</summary>
internal static class CostsCsv
{
    public static void MapCostsCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/costs.csv", GetAsync)
        .RequireAuthorization(Permissions.CostsRead)
        .ExcludeFromDescription();

    private static async Task<IResult> GetAsync(
        HttpContext http, OrganizationService organizations, CostsReportQueries queries, TimeProvider time,
        CancellationToken cancellation)
    {
        var (actor, organization) = await CsvDownload.ReaderAsync(http, organizations);
        var period = LedgerQuery.Period(http.Request.Query, organization.Zone, time);
        var by = CostDimensions.Parse(http.Request.Query["by"]);
        var report = await queries.LoadAsync(
            actor, organization.Zone, new CostsQuestion(period, LedgerQuery.Scope(http.Request.Query), by), withChart: false, cancellation);
        var rows = CostSort.Parse(http.Request.Query["sort"]).Order(report.Rows);
        var name = $"costs-by-{Links.Slug(by)}-{PeriodChoice.Iso(period.Days.From)}-{PeriodChoice.Iso(period.Days.To)}.csv";
        return CsvDownload.Stream(name, (csv, token) => WriteAsync(csv, rows, Links.Slug(by), period, token), cancellation);
    }

    private static async Task WriteAsync(CsvWriter csv, IEnumerable<CostRow> rows, string dimension, PeriodChoice period, CancellationToken cancellation)
    {
        csv.WriteHeader(
            [dimension, "from", "to", "cost_usd", "previous_cost_usd", "requests", "errors", "prompt_tokens", "cached_tokens", "output_tokens",
             "estimated_requests", "unpriced_requests", "sandbox_requests", "cached_requests", "saved_usd"]);
        foreach (var row in rows)
        {
            csv.WriteField(row.Name);
            csv.WriteField(period.Days.From);
            csv.WriteField(period.Days.To);
            csv.WriteDollars(row.Now.Cost);
            if (period.Compare) csv.WriteDollars(row.Before.Cost);
            else csv.WriteField("");
            csv.WriteField(row.Now.Requests);
            csv.WriteField(row.Now.Errors);
            csv.WriteField(row.Now.PromptTokens);
            csv.WriteField(row.Now.CachedTokens);
            csv.WriteField(row.Now.OutputTokens);
            csv.WriteField(row.Now.Estimated);
            csv.WriteField(row.Now.Unpriced);
            csv.WriteField(row.Now.Sandbox);
            csv.WriteField(row.Now.CacheHits);
            csv.WriteDollars(row.Now.Saved);
            await csv.EndRecordAsync(cancellation);
        }
    }
}
