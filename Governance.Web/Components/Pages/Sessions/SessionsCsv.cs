using CsvHelper;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Sessions;

/// <summary>Everybody's sessions as a download: the same rows in the same order.</summary>
internal static class SessionsCsv
{
    public static void MapSessionsCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/sessions.csv", GetAsync).RequireAuthorization(Permissions.SessionsRead).ExcludeFromDescription();

    /// <summary>The filter that a URL asks for.</summary>
    public static SessionFilter FilterOf(string? state, string? search, string? person) =>
        new(state != "all", string.IsNullOrWhiteSpace(search) ? null : search, Guid.TryParse(person, out var id) ? id : null);

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, SessionQueries queries, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var query = http.Request.Query;
        var filter = FilterOf(query["state"], query["search"], query["person"]);
        return CsvDownload.Stream("sessions.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(["session_id", "person", "email", "signed_in_with", "address", "user_agent", "signed_in_at", "last_seen_at", "open", "ended_at", "end_reason"]);
            for (string? cursor = null; ;)
            {
                var page = await queries.ListAsync(actor, filter, cursor, Page<SessionRow>.MaxSize, token);
                foreach (var row in page.Items) await WriteRowAsync(csv, row, token);
                if (page.Next is null) return;
                cursor = page.Next;
            }
        }
    }

    private static async Task WriteRowAsync(CsvWriter csv, SessionRow row, CancellationToken cancellation)
    {
        var session = row.Session;
        csv.WriteField(session.Id.ToString("n"));
        csv.WriteField(row.PersonName);
        csv.WriteField(row.PersonEmail);
        csv.WriteField(session.Method.ToString());
        csv.WriteField(session.IpAddress);
        csv.WriteField(session.UserAgent);
        csv.WriteField(CsvDownload.Instant(session.CreatedAt));
        csv.WriteField(CsvDownload.Instant(session.LastSeenAt));
        csv.WriteField(row.IsOpen);
        csv.WriteField(CsvDownload.Instant(session.EndedAt));
        csv.WriteField(session.EndReason?.ToString());
        await csv.EndRecordAsync(cancellation);
    }
}
