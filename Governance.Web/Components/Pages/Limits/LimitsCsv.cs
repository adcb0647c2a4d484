using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Limits;

/// <summary>The limits as a download.</summary>
internal static class LimitsCsv
{
    private static readonly string[] Columns =
    [
        "limit_id", "scope", "target", "name", "requests_per_minute", "requests_used", "tokens_per_minute", "tokens_used", "concurrent_requests", "concurrent_used", "active", "changed_at",
    ];

    public static void MapLimitsCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/limits.csv", GetAsync).RequireAuthorization(Permissions.LimitsRead).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, RateLimitQueries limits, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var rows = await limits.ListAsync(actor, cancellation);
        return CsvDownload.Stream("limits.csv", WriteAsync, cancellation);

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

    private static void Write(CsvWriter csv, RateLimitRow row)
    {
        csv.WriteField(row.PublicId);
        csv.WriteField(row.Scope.ToString().ToLowerInvariant());
        csv.WriteField(row.ScopeId?.ToString() ?? LimitTargets.Each);
        csv.WriteField(row.Name);
        Write(csv, row.Requests);
        Write(csv, row.Tokens);
        Write(csv, row.Concurrent);
        csv.WriteField(row.Active);
        csv.WriteField(row.ChangedAt);
    }

    private static void Write(CsvWriter csv, LimitUse use)
    {
        csv.WriteField(use.Limit);
        csv.WriteField(use.Limit is null ? null : (long?)use.Used);
    }
}
