using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsvHelper;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Writes the list of events as lines for other programs: the same rows in the same order, without what they say about people. It proves
/// nothing; <see cref="AuditExport"/> does.
/// </summary>
public sealed class AuditRowsExport(
    AccessControl access, GovernanceDatabase database, AuditSequencer sequencer, AuditQueries queries, AuditTrail audit)
{
    private static readonly string[] Columns =
    [
        "index", "id", "at", "actor_kind", "actor_ref", "action", "category", "severity", "outcome", "resource_type", "resource_ref", "reason", "request", "source",
    ];

    /// <summary>Cells that a spreadsheet would run as a formula are escaped. Excel takes a file without a byte order mark for another encoding.</summary>
    private static readonly CsvWriterOptions Csv = new() { Injection = CsvInjection.Escape, WriteByteOrderMark = true };

    /// <summary>Records the export; from then on it can only fail with the database.</summary>
    public async Task<Result<AuditRowsPlan>> PlanAsync(Actor actor, AuditFilter filter, AuditRowsFormat format, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is { } unread) return unread;
        if (filter.From >= filter.To) return Refusal.Invalid("from", "The period must begin before it ends.");
        await using var db = database.ForOrganization(actor.OrganizationId);
        audit.Record(db, actor, "export.created", "audit_log", null, new { format = AuditLeaf.NameOf(format), filter.From, filter.To });
        await db.SaveChangesAsync(cancellation);
        await sequencer.CatchUpAsync(actor.OrganizationId, cancellation);
        return new AuditRowsPlan(actor.OrganizationId, filter, format);
    }

    /// <summary>Writes it, newest first.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="target">Where to; it need not be seekable.</param>
    /// <param name="progress">Hears how many rows are written.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task WriteAsync(AuditRowsPlan plan, Stream target, IProgress<long>? progress, CancellationToken cancellation)
    {
        if (plan.Format == AuditRowsFormat.Ndjson)
        {
            await WriteAsync(plan, rows => target.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(rows.Select(Line))), cancellation), progress, cancellation);
            return;
        }

        await using var csv = CsvWriter.Create(target, Csv, leaveOpen: true);
        csv.WriteHeader(Columns);
        await WriteAsync(plan, async rows =>
        {
            foreach (var row in rows)
            {
                WriteCells(csv, row);
                await csv.EndRecordAsync(cancellation);
            }
        }, progress, cancellation);
        await csv.FlushAsync(cancellation);
    }

    private async Task WriteAsync(
        AuditRowsPlan plan, Func<IReadOnlyList<AuditRow>, ValueTask> write, IProgress<long>? progress, CancellationToken cancellation)
    {
        var (written, cursor) = (0L, (string?)null);
        do
        {
            await using var db = database.ForOrganization(plan.OrganizationId);
            var page = await queries.PageAsync(db, plan.Filter, cursor, Page<AuditRow>.MaxSize, cancellation);
            await write(page.Items);
            (written, cursor) = (written + page.Items.Count, page.Next);
            progress?.Report(written);
        }
        while (cursor is not null);
    }

    private static string Line(AuditRow row) => new JsonObject
    {
        ["index"] = row.Index,
        ["id"] = PublicId.Format(PublicId.AuditEvent, row.Event.Id),
        ["at"] = Iso(row.Event.At),
        ["actor"] = new JsonObject { ["kind"] = AuditLeaf.NameOf(row.Event.ActorKind), ["ref"] = row.Event.ActorRef },
        ["action"] = row.Event.Action,
        ["category"] = AuditLeaf.NameOf(row.Event.Category),
        ["severity"] = AuditLeaf.NameOf(row.Event.Severity),
        ["outcome"] = AuditLeaf.NameOf(row.Event.Outcome),
        ["resource"] = new JsonObject { ["type"] = row.Event.ResourceType, ["ref"] = row.Event.ResourceRef },
        ["reason"] = row.Event.Reason,
        ["request"] = row.Event.Request,
        ["source"] = row.Event.Source,
    }.ToJsonString() + "\n";

    private static void WriteCells(CsvWriter csv, AuditRow row)
    {
        csv.WriteField(row.Index?.ToString(CultureInfo.InvariantCulture));
        csv.WriteField(PublicId.Format(PublicId.AuditEvent, row.Event.Id));
        csv.WriteField(Iso(row.Event.At));
        csv.WriteField(AuditLeaf.NameOf(row.Event.ActorKind));
        csv.WriteField(row.Event.ActorRef);
        csv.WriteField(row.Event.Action);
        csv.WriteField(AuditLeaf.NameOf(row.Event.Category));
        csv.WriteField(AuditLeaf.NameOf(row.Event.Severity));
        csv.WriteField(AuditLeaf.NameOf(row.Event.Outcome));
        csv.WriteField(row.Event.ResourceType);
        csv.WriteField(row.Event.ResourceRef);
        csv.WriteField(row.Event.Reason);
        csv.WriteField(row.Event.Request);
        csv.WriteField(row.Event.Source);
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What an export of rows holds.</summary>
/// <param name="OrganizationId">Whose log.</param>
/// <param name="Filter">Which rows.</param>
/// <param name="Format">How they are written.</param>
public sealed record AuditRowsPlan(Guid OrganizationId, AuditFilter Filter, AuditRowsFormat Format);

/// <summary>How rows are written.</summary>
public enum AuditRowsFormat
{
    /// <summary>A JSON object a line.</summary>
    Ndjson,

    /// <summary>A line of column names, then a line a row.</summary>
    Csv,
}
