using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Reads entries of one log in full, from the database or from the archive.</summary>
internal sealed class AuditRecords(GovernanceDbContext db, AuditArchiveFiles files)
{
    private (AuditSegment Segment, Dictionary<Guid, (AuditEvent Event, IReadOnlyList<AuditPart> Parts)> Records)? _open;

    /// <summary>The entries of a run of indices, in order.</summary>
    /// <exception cref="InvalidDataException">One of them is missing.</exception>
    public async Task<IReadOnlyList<AuditRecord>> ReadAsync(long first, long end, CancellationToken cancellation)
    {
        var places = await db.AuditEntries.AsNoTracking().Where(entry => entry.Index >= first && entry.Index < end).OrderBy(entry => entry.Index).ToListAsync(cancellation);
        for (var i = 0; i < end - first; i++)
        {
            if (i >= places.Count || places[i].Index != first + i) throw new InvalidDataException($"Entry {first + i} is missing.");
        }

        var events = await (
            from placed in db.AuditEntries
            where placed.Index >= first && placed.Index < end
            join entry in db.AuditEvents on placed.EventId equals entry.Id
            select entry).AsNoTracking().ToDictionaryAsync(entry => entry.Id, cancellation);
        var parts = (await (
            from placed in db.AuditEntries
            where placed.Index >= first && placed.Index < end
            join part in db.AuditParts on placed.EventId equals part.EventId
            select part).AsNoTracking().ToListAsync(cancellation)).ToLookup(part => part.EventId);
        var records = new List<AuditRecord>(places.Count);
        foreach (var place in places)
        {
            var (entry, its) = events.TryGetValue(place.EventId, out var kept)
                ? (kept, [.. parts[place.EventId].OrderBy(part => part.Number)])
                : await FromArchiveAsync(place, cancellation);
            records.Add(new AuditRecord(place.Index, place.LeafHash, entry, its));
        }

        return records;
    }

    /// <summary>The entry of an event.</summary>
    /// <returns>None if it has no place yet, or there is no such event.</returns>
    public async Task<AuditRecord?> FindAsync(Guid eventId, CancellationToken cancellation)
    {
        var index = await db.AuditEntries.Where(entry => entry.EventId == eventId).Select(entry => (long?)entry.Index).SingleOrDefaultAsync(cancellation);
        return index is { } place ? (await ReadAsync(place, place + 1, cancellation))[0] : null;
    }

    private async Task<(AuditEvent Event, IReadOnlyList<AuditPart> Parts)> FromArchiveAsync(AuditEntry place, CancellationToken cancellation)
    {
        if (_open is not { } open || place.Index < open.Segment.First || place.Index >= open.Segment.End)
        {
            var segment = await db.AuditSegments.AsNoTracking().SingleOrDefaultAsync(row => row.First <= place.Index && row.End > place.Index, cancellation)
                ?? throw new InvalidDataException($"The event of entry {place.Index} is missing.");
            open = (segment, (await files.ReadAsync(segment, cancellation)).ToDictionary(record => record.Event.Id));
            _open = open;
        }

        return open.Records.TryGetValue(place.EventId, out var record) ? record : throw new InvalidDataException($"The event of entry {place.Index} is not in its archive file.");
    }
}
