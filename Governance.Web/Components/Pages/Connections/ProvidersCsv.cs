using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Connections;

/// <summary>The connections as a download, without their keys.</summary>
internal static class ProvidersCsv
{
    private static readonly string[] Columns =
    [
        "name", "connection_id", "source", "kind", "base_url", "region", "account", "approved", "approved_at", "default_of", "hour_calls", "hour_failures", "hour_median_ms",
        "day_calls", "day_failures", "day_median_ms", "last_failure_at", "last_failure_code", "calls", "cost_usd", "tested_at", "test_error", "created_at",
    ];

    public static void MapProvidersCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/providers.csv", GetAsync).RequireAuthorization(Permissions.ProvidersRead).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, ConnectionQueries connections, TimeProvider time, CancellationToken cancellation)
    {
        var (actor, organization) = await CsvDownload.ReaderAsync(http, organizations);
        var period = LedgerQuery.Period(http.Request.Query, organization.Zone, time);
        var rows = await connections.ListAsync(actor, TimeRange.Of(period.Days, organization.Zone), cancellation);
        return CsvDownload.Stream("providers.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            foreach (var row in rows)
            {
                Write(csv, row);
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static void Write(CsvWriter csv, ConnectionRow row)
    {
        csv.WriteField(row.Name);
        csv.WriteField(row.PublicId);
        csv.WriteField(row.Source.ToString());
        csv.WriteField(row.Kind);
        csv.WriteField(row.BaseUrl);
        csv.WriteField(row.Region);
        csv.WriteField(row.Account);
        csv.WriteField(row.Approved);
        csv.WriteField(CsvDownload.Instant(row.ApprovedAt));
        csv.WriteField(string.Join(' ', row.DefaultOf.Select(kind => kind.Id)));
        foreach (var health in (ConnectionHealth[])[row.Hour, row.Day])
        {
            csv.WriteField(health.Calls);
            csv.WriteField(health.Failures);
            csv.WriteField(health.MedianMs);
        }

        csv.WriteField(CsvDownload.Instant(row.LastFailure?.LastAt));
        csv.WriteField(row.LastFailure?.Code);
        csv.WriteField(row.Calls);
        csv.WriteDollars(row.Cost);
        csv.WriteField(CsvDownload.Instant(row.TestedAt));
        csv.WriteField(row.TestError);
        csv.WriteField(CsvDownload.Instant(row.CreatedAt));
    }
}
