using System.Globalization;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>What a filter leaves of the entries in archive files, from the last index down. Its cursors are <c>a</c> and the index above.</summary>
internal sealed class AuditArchiveSearch
{
    private readonly GovernanceDbContext _db;
    private readonly AuditArchiveFiles _files;
    private readonly AuditFilter _filter;
    private readonly IReadOnlyList<AuditSegment> _segments;
    private readonly (string Token, Guid KeyId)? _person;
    private (AuditSegment Segment, IReadOnlyList<(long Index, AuditEvent Event, IReadOnlyList<AuditPart> Parts)> Left)? _open;

    private AuditArchiveSearch(
        GovernanceDbContext db, AuditArchiveFiles files, AuditFilter filter, IReadOnlyList<AuditSegment> segments, (string Token, Guid KeyId)? person) =>
        (_db, _files, _filter, _segments, _person) = (db, files, filter, segments, person);

    /// <summary>When the latest entry was recorded that may be found here; none if none may.</summary>
    public DateTimeOffset? Until => _segments.Count == 0 ? null : _segments.Max(segment => segment.To);

    /// <summary>Where to begin; none if nothing may be found here.</summary>
    public string? Start => _segments.Count == 0 ? null : CursorBelow(_segments[0].End);

    public static bool TryParse(string? cursor, out long below)
    {
        below = 0;
        return cursor is ['a', ..] && long.TryParse(cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out below);
    }

    public static async Task<AuditArchiveSearch> OpenAsync(
        GovernanceDbContext db, AuditArchiveFiles files, DataKeys keys, AuditFilter filter, CancellationToken cancellation)
    {
        var segments = db.AuditSegments.AsNoTracking();
        if (filter.From is { } from) segments = segments.Where(segment => segment.To >= from);
        if (filter.To is { } to) segments = segments.Where(segment => segment.From < to);
        (string, Guid)? whose = null;
        if (filter.PersonId is { } person)
        {
            var row = await db.DataKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Owner == DataKeyOwner.Person && key.OwnerId == person, cancellation);
            if (row is null || keys.Open(row) is not { } key) return new AuditArchiveSearch(db, files, filter, [], null);
            whose = (key.TokenOf(row.OrganizationId, person), row.Id);
        }

        return new AuditArchiveSearch(db, files, filter, await segments.OrderByDescending(segment => segment.First).ToListAsync(cancellation), whose);
    }

    /// <summary>The last entries below an index.</summary>
    public async Task<AuditSearchBatch> BeforeAsync(long below, int size, CancellationToken cancellation)
    {
        if (_segments.FirstOrDefault(segment => segment.First < below) is not { } segment) return new AuditSearchBatch([], null, null);
        try
        {
            var left = (await ReadAsync(segment, cancellation)).Where(entry => entry.Index < below).Take(size).ToList();
            var end = left.Count < size ? segment.First : left[^1].Index;
            return new AuditSearchBatch(
                [.. left.Select(entry => (entry.Event, (IEnumerable<AuditPart>)entry.Parts, CursorBelow(entry.Index)))],
                left.Count < size ? segment.From : left[^1].Event.At,
                _segments.Any(other => other.First < end) ? CursorBelow(end) : null);
        }
        catch (InvalidDataException exception)
        {
            return new AuditSearchBatch([], segment.From, _segments.Any(other => other.First < segment.First) ? CursorBelow(segment.First) : null, exception.Message);
        }
    }

    private async Task<IReadOnlyList<(long Index, AuditEvent Event, IReadOnlyList<AuditPart> Parts)>> ReadAsync(AuditSegment segment, CancellationToken cancellation)
    {
        if (_open is { } open && open.Segment == segment) return open.Left;
        var records = await _files.ReadAsync(segment, cancellation);

        // What is kept in the database as well was looked at there.
        var kept = await (
            from placed in _db.AuditEntries
            where placed.Index >= segment.First && placed.Index < segment.End
            join entry in _db.AuditEvents on placed.EventId equals entry.Id
            select entry.Id).ToHashSetAsync(cancellation);
        var passing = _filter.Apply(records.Select(record => record.Event).AsQueryable()).Select(entry => entry.Id).ToHashSet();
        List<(long, AuditEvent, IReadOnlyList<AuditPart>)> left =
        [
            .. records.Select((record, place) => (Index: segment.First + place, record.Event, record.Parts))
                .Where(entry => passing.Contains(entry.Event.Id) && !kept.Contains(entry.Event.Id) && Passes(entry.Event, entry.Parts)).Reverse(),
        ];
        _open = (segment, left);
        return left;
    }

    /// <summary>What the filter asks for beyond its conditions on the event's own columns.</summary>
    private bool Passes(AuditEvent entry, IReadOnlyList<AuditPart> parts) =>
        _person is not { } person || entry.ActorRef == person.Token || (entry.ResourceType == "person" && entry.ResourceRef == person.Token)
        || parts.Any(part => part.KeyId == person.KeyId);

    private static string CursorBelow(long index) => string.Create(CultureInfo.InvariantCulture, $"a{index}");
}
