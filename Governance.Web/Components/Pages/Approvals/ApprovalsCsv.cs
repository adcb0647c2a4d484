using CsvHelper;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Approvals;

/// <summary>The list of approvals as a download: the same rows in the same order. Everybody gets what they may see.</summary>
internal static class ApprovalsCsv
{
    private static readonly string[] Columns =
    [
        "approval_id", "kind", "title", "beneficiary", "reason", "requested_by", "requested_at", "permission", "expires_at", "state", "waived",
        "decided_by", "decided_at", "comment", "changes",
    ];

    public static void MapApprovalsCsv(this IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/export/approvals.csv", GetAsync).RequireAuthorization().ExcludeFromDescription();

    /// <summary>The filter that a URL asks for.</summary>
    public static ApprovalFilter FilterOf(string? view, string? state, string? kind) => new(
        Enum.TryParse<ApprovalView>(view, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : ApprovalView.ToDecide,
        StateOf(state), string.IsNullOrWhiteSpace(kind) ? null : kind);

    public static ApprovalState? StateOf(string? state) =>
        Enum.TryParse<ApprovalState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;

    private static async Task<IResult> GetAsync(HttpContext http, OrganizationService organizations, ApprovalQueries queries, CancellationToken cancellation)
    {
        var (actor, _) = await CsvDownload.ReaderAsync(http, organizations);
        var query = http.Request.Query;
        var filter = FilterOf(query["view"], query["state"], query["kind"]);
        return CsvDownload.Stream("approvals.csv", WriteAsync, cancellation);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            for (string? cursor = null; ;)
            {
                var page = await queries.ListAsync(actor, filter, cursor, Page<ApprovalRow>.MaxSize, token);
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

    private static void Write(CsvWriter csv, ApprovalRow row)
    {
        var request = row.Request;
        csv.WriteField(request.PublicId);
        csv.WriteField(request.Kind);
        csv.WriteField(request.Title);
        csv.WriteField(row.Beneficiary);
        csv.WriteField(request.Reason);
        csv.WriteField(row.Requester);
        csv.WriteField(CsvDownload.Instant(request.RequestedAt));
        csv.WriteField(request.Permission);
        csv.WriteField(CsvDownload.Instant(request.ExpiresAt));
        csv.WriteField(row.State.ToString());
        csv.WriteField(request.IsWaived);
        csv.WriteField(row.Decider);
        csv.WriteField(CsvDownload.Instant(request.DecidedAt));
        csv.WriteField(request.Comment);
        csv.WriteField(string.Join("; ", request.Diff.Select(change => $"{change.Field}: {change.Before ?? "–"} → {change.After ?? "–"}")));
    }
}
