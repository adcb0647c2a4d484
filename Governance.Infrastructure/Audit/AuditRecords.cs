using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>Reads entries of one log in full, from the database or from the archive.</summary>
internal sealed class AuditRecords(GovernanceDbContext db, AuditArchiveFiles files)
{
    private (AuditSegment Segment, Dictionary<Guid, (AuditEvent Event, IReadOnlyList<AuditPart> Parts)> Records)? _open;

    /// <summary>What was asked for and is not there, each as a sentence. An export holds what there is: the verifier names what is not.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>The entries of a run of indices, in order, as far as they are there.</summary>
    public async Task<IReadOnlyList<AuditRecord>> ReadAsync(long first, long end, CancellationToken cancellation)
    {
        var places = await db.AuditEntries.AsNoTracking().Where(entry => entry.Index >= first && entry.Index < end).OrderBy(entry => entry.Index).ToListAsync(cancellation);
        if (places.Count < end - first) Missing.Add($"Entry {Enumerable.Range(0, (int)(end - first)).Select(i => first + i).Except(places.Select(place => place.Index)).First()} is missing.");
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
            if (events.TryGetValue(place.EventId, out var entry)) records.Add(new AuditRecord(place.Index, place.LeafHash, entry, [.. parts[place.EventId].OrderBy(part => part.Number)]));
            else if (await FromArchiveAsync(place, cancellation) is { } archived) records.Add(new AuditRecord(place.Index, place.LeafHash, archived.Event, archived.Parts));
        }

        return records;
    }

    /// <summary>The entry of an event.</summary>
    /// <returns>None if it has no place yet, or there is no such event any more.</returns>
    public async Task<AuditRecord?> FindAsync(Guid eventId, CancellationToken cancellation)
    {
        var index = await db.AuditEntries.Where(entry => entry.EventId == eventId).Select(entry => (long?)entry.Index).SingleOrDefaultAsync(cancellation);
        return index is { } place && await ReadAsync(place, place + 1, cancellation) is [var record] ? record : null;
    }

    private async Task<(AuditEvent Event, IReadOnlyList<AuditPart> Parts)?> FromArchiveAsync(AuditEntry place, CancellationToken cancellation)
    {
        if (_open is not { } open || place.Index < open.Segment.First || place.Index >= open.Segment.End)
        {
            var segment = await db.AuditSegments.AsNoTracking().SingleOrDefaultAsync(row => row.First <= place.Index && row.End > place.Index, cancellation);
            if (segment is null) return Lost($"The event of entry {place.Index} is missing.");
            try
            {
                open = (segment, (await files.ReadAsync(segment, cancellation)).ToDictionary(record => record.Event.Id));
            }
            catch (InvalidDataException exception)
            {
                open = (segment, []);
                Missing.Add(exception.Message);
            }

            _open = open;
        }

        return open.Records.TryGetValue(place.EventId, out var record) ? record : Lost($"The event of entry {place.Index} is not in its archive file.");
    }

    private (AuditEvent, IReadOnlyList<AuditPart>)? Lost(string sentence)
    {
        Missing.Add(sentence);
        return null;
    }
}
