using System.ComponentModel;
using System.Globalization;
using Governance.Domain.Identity;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api.Audit;

/// <summary>Streams a period of the log as a file.</summary>
internal static class AuditExportApi
{
    public static void MapAuditExport(this RouteGroupBuilder audit) => audit.MapGet("/export", ExportAsync)
        .WithName("ExportAuditLog").WithSummary("A period as a zip that tools/verify-audit.mjs verifies, or its rows without what they say about people.")
        .Produces(StatusCodes.Status200OK, contentType: "application/zip", additionalContentTypes: ["application/x-ndjson", "text/csv"])
        .RequireAuthorization(Permissions.AuditExport);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        HttpContext http,
        AuditExport export,
        AuditRowsExport rows,
        OrganizationService organizations,
        TimeProvider time,
        [Description("A date (the whole day, in the organisation's zone) or an instant; 30 days before 'to' if absent.")] string? from,
        [Description("A date (that day included) or an instant (excluded); now if absent.")] string? to,
        [Description("zip, ndjson or csv; zip if absent.")] string? format)
    {
        var (actor, cancellation) = (http.User.ToActor(http), http.RequestAborted);
        var organization = await organizations.FindAsync(actor.OrganizationId, cancellation);
        var (range, parameter, error) = ApiRange.Read(from, to, organization!.Zone, time.GetUtcNow());
        if (error is not null) return ApiProblems.Invalid(parameter!, error);

        var name = FileName(range, organization.Zone);
        if (format is null or "zip")
        {
            var plan = await export.PlanAsync(actor, range.From, range.To, cancellation);
            if (!plan.Succeeded) return ApiProblems.Refused(plan.Refusal);
            return TypedResults.Stream(body => export.WriteAsync(plan.Value, body, progress: null, cancellation), "application/zip", $"{name}.zip");
        }

        if (!AuditLogsApi.TryRead<AuditRowsFormat>(format, out var asRows)) return ApiProblems.Invalid("format", "give one of zip, ndjson, csv.");
        var planned = await rows.PlanAsync(actor, new AuditFilter { From = range.From, To = range.To }, asRows!.Value, cancellation);
        if (!planned.Succeeded) return ApiProblems.Refused(planned.Refusal);
        return TypedResults.Stream(
            body => rows.WriteAsync(planned.Value, body, progress: null, cancellation),
            asRows == AuditRowsFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
            $"{name}.{format}");
    }

    private static string FileName(TimeRange range, ReportingZone zone) =>
        string.Create(CultureInfo.InvariantCulture, $"audit-{zone.DayOf(range.From):yyyy-MM-dd}-{zone.DayOf(range.To.AddTicks(-1)):yyyy-MM-dd}");
}
