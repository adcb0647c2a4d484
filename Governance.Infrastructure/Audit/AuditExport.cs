using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Writes the part of a log that holds a period as a zip for the offline verifier: docs/audit-log.md, "Export". It is streamed, however long.</summary>
public sealed class AuditExport(
    AccessControl access, GovernanceDatabase database, AuditSequencer sequencer, DataKeys keys, AuditTrail audit, AuditArchiveFiles files, TimeProvider time)
{
    private const int BatchSize = 1000;

    /// <summary>Records the export and finds out what it has to hold; from then on it can only fail with the database.</summary>
    public async Task<Result<AuditExportPlan>> PlanAsync(Actor actor, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        if (from >= to) return Refusal.Invalid("from", "The period must begin before it ends.");
        await using var db = database.ForOrganization(actor.OrganizationId);
        audit.Record(db, actor, "export.created", "audit_log", null, new { from, to });
        await db.SaveChangesAsync(cancellation);
        await sequencer.CatchUpAsync(actor.OrganizationId, cancellation);

        var checkpoint = await db.LastCheckpointAsync(cancellation);
        if (checkpoint is null) return Refusal.Busy("The log has no signed checkpoint yet. Try again in a minute.");
        var inPeriod =
            from placed in db.AuditEntries
            join entry in db.AuditEvents on placed.EventId equals entry.Id
            where entry.At >= @from && entry.At < to && placed.Index < checkpoint.Size
            select placed.Index;
        var archived = db.AuditSegments.Where(segment => segment.From < to && segment.To >= from);
        long?[] firsts = [await inPeriod.MinAsync(index => (long?)index, cancellation), await archived.MinAsync(segment => (long?)segment.First, cancellation)];
        long?[] ends = [await inPeriod.MaxAsync(index => (long?)index, cancellation) + 1, await archived.MaxAsync(segment => (long?)segment.End, cancellation)];
        var first = firsts.Min() ?? 0;
        return new AuditExportPlan(actor.OrganizationId, from, to, checkpoint, first, (ends.Max() ?? first) - first);
    }

    /// <summary>Records that events leave the program as a list; who may not export learns it here.</summary>
    /// <param name="actor">Who exports.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="format">As what.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Result> RecordListAsync(Actor actor, AuditFilter filter, string format, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        audit.Record(db, actor, "export.created", "audit_log", null, new { from = filter.From, to = filter.To, format });
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Writes it.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="target">Where to; it need not be seekable.</param>
    /// <param name="progress">Hears how many entries are written.</param>
    /// <param name="cancellation">Stops; what was written is no zip then.</param>
    public async Task WriteAsync(AuditExportPlan plan, Stream target, IProgress<long>? progress, CancellationToken cancellation)
    {
        await using var deferred = new DeferredWrites(target);
        await using (var zip = await ZipArchive.CreateAsync(deferred, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation))
            await WriteAsync(plan, zip, progress, cancellation);
        await deferred.FlushAsync(cancellation);
    }

    private async Task WriteAsync(AuditExportPlan plan, ZipArchive zip, IProgress<long>? progress, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(plan.OrganizationId);
        await WriteAsync(zip, "manifest.json", Manifest(plan).ToJsonString(), cancellation);
        await WriteAsync(zip, "checkpoint", plan.Checkpoint.Note, cancellation);
        await WriteAsync(zip, "keys.json", (await LogKeys.ReadAsync(db, plan.OrganizationId, cancellation)).ToJson().ToJsonString(), cancellation);
        var erased = await WriteEntriesAsync(zip, plan, progress, cancellation);
        await WriteErasuresAsync(zip, db, plan, erased, cancellation);
        await WriteTilesAsync(zip, db, plan, cancellation);
        await WriteAsync(zip, "anchors.json", """{"anchors":[]}""", cancellation);
    }

    private JsonObject Manifest(AuditExportPlan plan) => new()
    {
        ["format"] = "governance-audit-export/1",
        ["log"] = AuditLeaf.OriginOf(plan.OrganizationId),
        ["from"] = Iso(plan.From),
        ["to"] = Iso(plan.To),
        ["exportedAt"] = Iso(time.GetUtcNow()),
        ["size"] = plan.Checkpoint.Size,
        ["first"] = plan.First,
        ["count"] = plan.Count,
    };

    /// <returns>The ids of keys whose parts were erased.</returns>
    private async Task<HashSet<Guid>> WriteEntriesAsync(ZipArchive zip, AuditExportPlan plan, IProgress<long>? progress, CancellationToken cancellation)
    {
        var erased = new HashSet<Guid>();
        await using var stream = await zip.CreateEntry("entries.ndjson", CompressionLevel.Fastest).OpenAsync(cancellation);
        await using var db = database.ForOrganization(plan.OrganizationId);
        var records = new AuditRecords(db, files);
        var payloads = new AuditPayloads(db, plan.OrganizationId, keys);
        for (var index = plan.First; index < plan.First + plan.Count; index += BatchSize)
        {
            var end = Math.Min(index + BatchSize, plan.First + plan.Count);
            var lines = new StringBuilder();
            foreach (var record in await records.ReadAsync(index, end, cancellation))
            {
                var leaf = record.Event.ToLeaf();
                var opened = await payloads.OpenAsync(leaf, record.Parts, cancellation);
                erased.UnionWith(opened.Where(part => part.Json is null).Select(part => part.KeyId));
                lines.Append(new JsonObject
                {
                    ["index"] = record.Index,
                    ["leaf"] = leaf.ToString(),
                    ["parts"] = new JsonArray([.. opened.Select(AuditExportFormat.PartOf)]),
                }.ToJsonString()).Append('\n');
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellation);
            progress?.Report(end - plan.First);
        }

        return erased;
    }

    private static async Task WriteErasuresAsync(ZipArchive zip, GovernanceDbContext db, AuditExportPlan plan, HashSet<Guid> erased, CancellationToken cancellation)
    {
        var lines = new StringBuilder();
        foreach (var keyIds in erased.Select(id => System.Buffers.Text.Base64Url.EncodeToString(DataKey.Bytes(id))).Chunk(BatchSize))
        {
            var rows = await (
                from entry in db.AuditEvents
                where entry.Action == DataKeys.Erased && keyIds.Contains(entry.ResourceRef)
                join placed in db.AuditEntries on entry.Id equals placed.EventId
                where placed.Index < plan.Checkpoint.Size
                orderby placed.Index
                select new { placed.Index, Event = entry }).AsNoTracking().ToListAsync(cancellation);
            foreach (var row in rows)
                lines.Append(new JsonObject { ["index"] = row.Index, ["leaf"] = row.Event.ToLeaf().ToString() }.ToJsonString()).Append('\n');
        }

        await WriteAsync(zip, "erasures.ndjson", lines.ToString(), cancellation);
    }

    /// <summary>The hashes of all leaves, so that any older checkpoint can be checked against them.</summary>
    private static async Task WriteTilesAsync(ZipArchive zip, GovernanceDbContext db, AuditExportPlan plan, CancellationToken cancellation)
    {
        for (long tile = 0; tile * Tile.Width < plan.Checkpoint.Size; tile++)
        {
            var width = (int)Math.Min(Tile.Width, plan.Checkpoint.Size - (tile * Tile.Width));
            var hashes = await new AuditHashes(db, plan.OrganizationId).TileAsync(0, tile, width, cancellation);
            var name = width == Tile.Width ? $"tile/0/{Tile.PathOf(tile)}" : string.Create(CultureInfo.InvariantCulture, $"tile/0/{Tile.PathOf(tile)}.p/{width}");
            await using var stream = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(cancellation);
            await stream.WriteAsync(hashes, cancellation);
        }
    }

    private static async Task WriteAsync(ZipArchive zip, string name, string text, CancellationToken cancellation)
    {
        await using var stream = await zip.CreateEntry(name).OpenAsync(cancellation);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What an export holds.</summary>
/// <param name="OrganizationId">Whose log.</param>
/// <param name="From">The period's beginning.</param>
/// <param name="To">Its end, which is not in it.</param>
/// <param name="Checkpoint">Against which it is verified.</param>
/// <param name="First">The index of the first entry.</param>
/// <param name="Count">How many entries.</param>
public sealed record AuditExportPlan(Guid OrganizationId, DateTimeOffset From, DateTimeOffset To, AuditCheckpoint Checkpoint, long First, long Count);
