using System.Globalization;
using System.Text;
using CsvHelper;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>The log as downloads. Lists are streamed, so that a log of any length fits; the zip lies in a file by then.</summary>
internal static class AuditExports
{
    private static readonly string[] Columns =
    [
        "index", "event_id", "at", "actor_kind", "actor_ref", "actor", "action", "category", "severity", "outcome", "resource_type", "resource_ref",
        "resource", "reason", "policy", "request", "source",
    ];

    public static void MapAuditExports(this IEndpointRouteBuilder endpoints)
    {
        var exports = endpoints.MapGroup("/export").RequireAuthorization(Permissions.AuditExport).ExcludeFromDescription();
        exports.MapGet("/audit/{id:guid}.zip", GetZipAsync);
        exports.MapGet("/audit.csv", GetCsvAsync);
        exports.MapGet("/audit.jsonl", GetJsonLinesAsync);
        endpoints.MapGet("/export/audit/{id}.json", GetProofAsync).RequireAuthorization(Permissions.AuditRead).ExcludeFromDescription();
    }

    /// <summary>A file that was written for whoever asks, once.</summary>
    private static async Task<IResult> GetZipAsync(
        Guid id, HttpContext http, OrganizationService organizations, AuditExportFiles files, CancellationToken cancellation)
    {
        var (actor, organization) = await CsvDownload.ReaderAsync(http, organizations);
        var taken = await files.TakeAsync(actor, id, cancellation);
        if (!taken.Succeeded) return Refused(taken.Refusal);
        var (plan, file) = taken.Value;
        var days = new DayRange(organization.Zone.DayOf(plan.From), organization.Zone.DayOf(plan.To.AddTicks(-1)));
        return TypedResults.Stream(file, "application/zip", NameOf(new PeriodChoice(null, days), "zip"));
    }

    private static async Task<IResult> GetCsvAsync(
        HttpContext http, OrganizationService organizations, AuditQueries queries, AuditExport export, TimeProvider time, CancellationToken cancellation)
    {
        var (actor, period, filter) = await AskedAsync(http, organizations, time);
        var recorded = await export.RecordListAsync(actor, filter, "csv", cancellation);
        return recorded.Succeeded ? CsvDownload.Stream(NameOf(period, "csv"), WriteAsync, cancellation) : Refused(recorded.Refusal);

        async Task WriteAsync(CsvWriter csv, CancellationToken token)
        {
            csv.WriteHeader(Columns);
            await foreach (var row in RowsAsync(queries, actor, filter, token))
            {
                Write(csv, row);
                await csv.EndRecordAsync(token);
            }
        }
    }

    private static async Task<IResult> GetJsonLinesAsync(
        HttpContext http, OrganizationService organizations, AuditQueries queries, AuditExport export, TimeProvider time, CancellationToken cancellation)
    {
        var (actor, period, filter) = await AskedAsync(http, organizations, time);
        var recorded = await export.RecordListAsync(actor, filter, "json_lines", cancellation);
        return recorded.Succeeded ? TypedResults.Stream(WriteAsync, "application/x-ndjson", NameOf(period, "jsonl")) : Refused(recorded.Refusal);

        async Task WriteAsync(Stream body)
        {
            await foreach (var row in RowsAsync(queries, actor, filter, cancellation))
            {
                // The leaf stands as it is hashed, so that a line can be held against a proof.
                var index = row.Index?.ToString(CultureInfo.InvariantCulture) ?? "null";
                await body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"index":{{index}},"leaf":{{row.Event.ToLeaf()}}}""" + "\n"), cancellation);
            }
        }
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> GetProofAsync(
        string id, HttpContext http, AuditQueries queries, AuditProofs proofs, CancellationToken cancellation)
    {
        var actor = http.User.ToActor(http);
        if (!PublicId.TryParse(PublicId.AuditEvent, id, out var eventId)) return TypedResults.NotFound();
        if (await queries.FindAsync(actor, eventId, cancellation) is not { } detail) return TypedResults.NotFound();
        var proof = await proofs.ProveAsync(actor, eventId, cancellation);
        if (!proof.Succeeded) return TypedResults.NotFound();

        // Who may not see the payload gets a proof without it; that somebody read it is recorded by then.
        var json = proof.Value.ToJson(withPayload: detail.Parts is not null);
        return TypedResults.File(Encoding.UTF8.GetBytes(json), "application/json", $"audit-proof-{PublicId.Format(PublicId.AuditEvent, eventId)}.json");
    }

    private static async Task<(Actor Actor, PeriodChoice Period, AuditFilter Filter)> AskedAsync(HttpContext http, OrganizationService organizations, TimeProvider time)
    {
        var (actor, organization) = await CsvDownload.ReaderAsync(http, organizations);
        var query = http.Request.Query;
        var period = LedgerQuery.Period(query, organization.Zone, time);
        return (actor, period, AuditView.Parse(name => query[name]).ToFilter(TimeRange.Of(period.Days, organization.Zone)));
    }

    private static async IAsyncEnumerable<AuditRow> RowsAsync(
        AuditQueries queries, Actor actor, AuditFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (string? cursor = null; ;)
        {
            var page = await queries.ListAsync(actor, filter, cursor, Page<AuditRow>.MaxSize, cancellation);
            foreach (var row in page.Items) yield return row;
            if (page.Next is null) yield break;
            cursor = page.Next;
        }
    }

    private static void Write(CsvWriter csv, AuditRow row)
    {
        var entry = row.Event;
        csv.WriteField(row.Index);
        csv.WriteField(PublicId.Format(PublicId.AuditEvent, entry.Id));
        csv.WriteField(entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        csv.WriteField(AuditLeaf.NameOf(entry.ActorKind));
        csv.WriteField(entry.ActorRef);
        csv.WriteField(row.Actor?.Name);
        csv.WriteField(entry.Action);
        csv.WriteField(AuditLeaf.NameOf(entry.Category));
        csv.WriteField(AuditLeaf.NameOf(entry.Severity));
        csv.WriteField(AuditLeaf.NameOf(entry.Outcome));
        csv.WriteField(entry.ResourceType);
        csv.WriteField(entry.ResourceRef);
        csv.WriteField(row.Resource?.Name);
        csv.WriteField(entry.Reason);
        csv.WriteField(entry.Policy);
        csv.WriteField(entry.Request);
        csv.WriteField(entry.Source);
    }

    private static ProblemHttpResult Refused(Refusal refusal) => TypedResults.Problem(
        refusal.Message,
        statusCode: refusal.Kind switch
        {
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status400BadRequest,
        });

    private static string NameOf(PeriodChoice period, string extension) => $"audit-{PeriodChoice.Iso(period.Days.From)}-{PeriodChoice.Iso(period.Days.To)}.{extension}";
}
