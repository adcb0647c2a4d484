using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.DeadLetters;

/// <summary>The list of dead letters as a download: the same rows in the same order, without their payloads.</summary>
internal static class DeadLettersCsv
{
    private static readonly string[] Columns = ["work_id", "kind", "state", "cause", "attempts", "last_error", "error_pattern", "created_at", "due_at", "stopped_at"];

    public static void MapDeadLettersCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/dead-letters.csv", GetAsync).RequireAuthorization(Permissions.DeadLettersRead).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, DeadLetterQueries queries, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var filter = DeadLetterView.Of(http.Request.Query).Filter;
        return CsvDownload.Stream("dead-letters.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            for (string? cursor = null; ;)
            {
                var page = await queries.ListAsync(actor, filter, cursor, Page<DeadLetterRow>.MaxSize, token);
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

    private static void Write(CsvWriter csv, DeadLetterRow row)
    {
        csv.WriteField(row.PublicId);
        csv.WriteField(row.Kind);
        csv.WriteField(row.State.ToString());
        csv.WriteField(row.Cause);
        csv.WriteField(row.Attempts);
        csv.WriteField(row.Error);
        csv.WriteField(row.Pattern);
        csv.WriteField(CsvDownload.Instant(row.CreatedAt));
        csv.WriteField(CsvDownload.Instant(row.DueAt));
        csv.WriteField(CsvDownload.Instant(row.StoppedAt));
    }
}
