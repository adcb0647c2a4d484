using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>The audit log as lists and one by one.</summary>
public sealed class AuditQueries(AccessControl access, GovernanceDatabase database, DataKeys keys, AuditTrail audit, AuditArchiveFiles files)
{
    /// <summary>How long somebody waits for a page before they ask again with another filter.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Whether a text is a cursor that <see cref="ListAsync"/> gave out.</summary>
    public static bool IsCursor(string text) => PageCursor.TryParse(text, out _);

    /// <summary>One page of events, newest first. Who may not read the log finds nothing.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="cursor">Where the page before ended; none for the first.</param>
    /// <param name="size">How many rows, at most <see cref="Page{T}.MaxSize"/>.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<AuditRow>> ListAsync(Actor actor, AuditFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        size = Math.Clamp(size, 1, Page<AuditRow>.MaxSize);
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return new Page<AuditRow>([], null);
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await ReadLimit.WithinAsync(db, Longest, token => PageAsync(db, filter, cursor, size, token), cancellation);
    }

    /// <summary>As <see cref="ListAsync"/>, for whoever was authorised.</summary>
    internal async Task<Page<AuditRow>> PageAsync(GovernanceDbContext db, AuditFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        var page = await EventsAsync(db, filter, cursor, size, cancellation);
        return new Page<AuditRow>(await RowsAsync(db, page.Items, cancellation), page.Next);
    }

    /// <summary>As <see cref="PageAsync"/>, without their places and whom they name.</summary>
    internal async Task<Page<AuditEvent>> EventsAsync(GovernanceDbContext db, AuditFilter filter, string? cursor, int size, CancellationToken cancellation)
    {
        PageCursor? after = null;
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var parsed)) return new Page<AuditEvent>([], null);
            after = parsed;
        }

        var newest = new Dictionary<Guid, AuditEvent>();
        foreach (var run in await new AuditSearch(db, filter, keys).RunsAsync(cancellation))
        {
            foreach (var row in await NextOf(run, after, Floor(newest, size)).Take(size + 1).ToListAsync(cancellation)) newest[row.Id] = row;
        }

        var page = newest.Values.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Take(size + 1).ToList();
        var next = page.Count > size ? new PageCursor(page[size - 1].At, page[size - 1].Id).ToString() : null;
        return new Page<AuditEvent>([.. page.Take(size)], next);
    }

    private static IQueryable<AuditEvent> NextOf(IQueryable<AuditEvent> run, PageCursor? after, DateTimeOffset? floor)
    {
        // The first condition is the one that an index can begin with.
        if (after is var (at, id)) run = run.Where(entry => entry.At <= at && (entry.At < at || entry.Id < id));
        if (floor is { } oldest) run = run.Where(entry => entry.At >= oldest);
        return run.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id);
    }

    /// <summary>Once a page is full, older events are not on it.</summary>
    private static DateTimeOffset? Floor(Dictionary<Guid, AuditEvent> found, int size) =>
        found.Count > size ? found.Values.Select(entry => entry.At).OrderDescending().ElementAt(size) : null;

    /// <summary>
    /// One event in full. That somebody read what it says about people is itself recorded.
    /// </summary>
    /// <returns>None if there is no such event, or the actor may not read the log.</returns>
    public async Task<AuditDetail?> FindAsync(Actor actor, Guid eventId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var payloads = new AuditPayloads(db, keys);
        var (found, kept) = await new AuditRecords(db, files).FindAsync(eventId, cancellation) is { } record
            ? (record.Event, record.Parts)
            : (await db.AuditEvents.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == eventId, cancellation), null);
        if (found is null) return null;

        var (row, leaf) = ((await RowsAsync(db, [found], cancellation))[0], found.ToLeaf());
        if (await access.CheckAsync(actor, Permissions.AuditPayloads, cancellation) is not null) return new AuditDetail(row, leaf, null);

        var parts = await payloads.OpenAsync(leaf, kept ?? (await payloads.PartsAsync([eventId], cancellation))[eventId], cancellation);
        if (parts.Any(part => part is { Owner: not DataKeyOwner.Organization, Json: not null }))
        {
            audit.Record(db, actor, "personal_data.read", "event", Domain.PublicId.Format(Domain.PublicId.AuditEvent, eventId));
            await db.SaveChangesAsync(cancellation);
        }

        return new AuditDetail(row, leaf, await payloads.NameAsync(parts, cancellation));
    }

    /// <summary>How many events there were a day, by severity, in a period.</summary>
    public async Task<IReadOnlyList<AuditDay>> ActivityAsync(Actor actor, AuditFilter filter, TimeZoneInfo zone, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await ReadLimit.WithinAsync(db, Longest, token => CountAsync(db, filter, zone, token), cancellation);
    }

    private async Task<IReadOnlyList<AuditDay>> CountAsync(GovernanceDbContext db, AuditFilter filter, TimeZoneInfo zone, CancellationToken cancellation)
    {
        if (await PeriodAsync(db, filter, cancellation) is not var (from, to)) return [];
        var days = new Dictionary<(DateOnly Day, AuditSeverity Severity), long>();
        foreach (var (start, end, ahead) in AuditDays.Cut(zone, from, to))
        {
            foreach (var counts in await CountsAsync(db, filter with { From = start, To = end }, (long)ahead.TotalSeconds, cancellation))
            {
                foreach (var count in await counts.ToListAsync(cancellation))
                {
                    var day = (AuditDays.Of(count.Day), count.Severity);
                    days[day] = days.GetValueOrDefault(day) + count.Events;
                }
            }
        }

        return [.. days.Select(day => new AuditDay(day.Key.Day, day.Key.Severity, day.Value)).OrderBy(day => day.Day).ThenBy(day => day.Severity)];
    }

    /// <summary>The time to count; none if there are no events.</summary>
    private static async Task<(DateTimeOffset From, DateTimeOffset To)?> PeriodAsync(GovernanceDbContext db, AuditFilter filter, CancellationToken cancellation)
    {
        var from = filter.From ?? await db.AuditEvents.MinAsync(entry => (DateTimeOffset?)entry.At, cancellation);
        var to = filter.To ?? (await db.AuditEvents.MaxAsync(entry => (DateTimeOffset?)entry.At, cancellation))?.AddTicks(TimeSpan.TicksPerMicrosecond);
        return from < to ? (from.Value, to.Value) : null;
    }

    /// <summary>Run by run, each from its index; all events kind by kind, whose index has the severity.</summary>
    private async Task<IEnumerable<IQueryable<DayCount>>> CountsAsync(GovernanceDbContext db, AuditFilter filter, long ahead, CancellationToken cancellation)
    {
        var search = new AuditSearch(db, filter, keys);
        var runs = filter is { PersonId: null, ResourceRef: null }
            ? await search.OfKindsAsync(filter.Apply(db.AuditEvents.AsNoTracking()), filter.ActorRef, cancellation)
            : await search.RunsAsync(cancellation);
        return runs.Select(run => Count(run, ahead));
    }

    private static IQueryable<DayCount> Count(IQueryable<AuditEvent> events, long ahead) =>
        events.GroupBy(entry => new { Day = GovernanceDbContext.DayNumber(entry.At, ahead), entry.Severity })
            .Select(group => new DayCount(group.Key.Day, group.Key.Severity, group.LongCount()));

    /// <summary>Events with their places and whom they name.</summary>
    internal async Task<IReadOnlyList<AuditRow>> RowsAsync(GovernanceDbContext db, IReadOnlyList<AuditEvent> events, CancellationToken cancellation)
    {
        var ids = events.Select(entry => entry.Id).ToList();

        // The events are of this organisation, so their places are. Asked for the organisation too, SQLite would read all its places.
        var places = await db.AuditEntries.IgnoreQueryFilters([GovernanceDbContext.OrganizationFilter]).Where(entry => ids.Contains(entry.EventId)).ToDictionaryAsync(entry => entry.EventId, entry => entry.Index, cancellation);
        var people = await keys.Tokens.PeopleAsync(db, events.SelectMany(entry => new[] { entry.ActorRef, entry.ResourceRef }), cancellation);
        return
        [
            .. events.Select(entry => new AuditRow(
                entry,
                places.TryGetValue(entry.Id, out var index) ? index : null,
                entry.ActorRef is { } actor ? people.GetValueOrDefault(actor) : null,
                entry.ResourceRef is { } resource ? people.GetValueOrDefault(resource) : null)),
        ];
    }

    private sealed record DayCount(long Day, AuditSeverity Severity, long Events);
}

/// <summary>How many events of a severity a day had.</summary>
public sealed record AuditDay(DateOnly Day, AuditSeverity Severity, long Events);
