using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>The audit log as lists and one by one.</summary>
public sealed class AuditQueries(AccessControl access, GovernanceDatabase database, DataKeys keys, AuditTrail audit, AuditArchiveFiles files)
{
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
        return await PageAsync(db, filter, cursor, size, cancellation);
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
        var events = filter.Apply(db.AuditEvents.AsNoTracking());
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, out var after)) return new Page<AuditEvent>([], null);
            var (at, id) = after;
            events = events.Where(entry => entry.At < at || (entry.At == at && entry.Id < id));
        }

        var newest = new Dictionary<Guid, AuditEvent>();
        foreach (var query in await SplitAsync(db, events, filter, cancellation))
        {
            var rows = await query.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Take(size + 1).ToListAsync(cancellation);
            foreach (var row in rows) newest[row.Id] = row;
        }

        var page = newest.Values.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Take(size + 1).ToList();
        var next = page.Count > size ? new PageCursor(page[size - 1].At, page[size - 1].Id).ToString() : null;
        return new Page<AuditEvent>([.. page.Take(size)], next);
    }

    /// <summary>
    /// One event in full. That somebody read what it says about people is itself recorded.
    /// </summary>
    /// <returns>None if there is no such event, or the actor may not read the log.</returns>
    public async Task<AuditDetail?> FindAsync(Actor actor, Guid eventId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var payloads = new AuditPayloads(db, actor.OrganizationId, keys);
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

        return new AuditDetail(row, leaf, parts);
    }

    /// <summary>How many events there were a day, by severity, in a period.</summary>
    public async Task<IReadOnlyList<AuditDay>> ActivityAsync(Actor actor, AuditFilter filter, TimeZoneInfo zone, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var days = new Dictionary<(DateOnly, AuditSeverity), long>();
        var seen = new HashSet<Guid>(); // What a person did to themselves is found in several ways, and counts once.
        foreach (var query in await SplitAsync(db, filter.Apply(db.AuditEvents.AsNoTracking()), filter, cancellation))
        {
            await foreach (var entry in query.Select(entry => new { entry.Id, entry.At, entry.Severity }).AsAsyncEnumerable().WithCancellation(cancellation))
            {
                if (filter.PersonId is not null && !seen.Add(entry.Id)) continue;
                var day = (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(entry.At, zone).DateTime), entry.Severity);
                days[day] = days.GetValueOrDefault(day) + 1;
            }
        }

        return [.. days.Select(day => new AuditDay(day.Key.Item1, day.Key.Item2, day.Value)).OrderBy(day => day.Day).ThenBy(day => day.Severity)];
    }

    /// <summary>Each as a query that an index answers in order: conditions joined by "or" would be sorted as a whole.</summary>
    private async Task<IReadOnlyList<IQueryable<AuditEvent>>> SplitAsync(
        GovernanceDbContext db, IQueryable<AuditEvent> events, AuditFilter filter, CancellationToken cancellation)
    {
        List<IQueryable<AuditEvent>> queries = [events];
        if (filter.Severities is { } severities) queries = [.. severities.Select(severity => events.Where(entry => entry.Severity == severity))];
        if (filter.PersonId is not { } person) return queries;

        var key = await db.DataKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Owner == DataKeyOwner.Person && key.OwnerId == person, cancellation);
        if (key is null || keys.Open(key) is not { } open) return [];
        var (token, keyId) = (open.TokenOf(key.OrganizationId, person), key.Id);
        return
        [
            .. queries.SelectMany(query => new[]
            {
                query.Where(entry => entry.ActorRef == token),
                query.Where(entry => entry.ResourceType == "person" && entry.ResourceRef == token),
                query.Where(entry => db.AuditParts.Any(part => part.KeyId == keyId && part.EventId == entry.Id)),
            }),
        ];
    }

    /// <summary>Events with their places and whom they name.</summary>
    internal async Task<IReadOnlyList<AuditRow>> RowsAsync(GovernanceDbContext db, IReadOnlyList<AuditEvent> events, CancellationToken cancellation)
    {
        var ids = events.Select(entry => entry.Id).ToList();
        var places = await db.AuditEntries.Where(entry => ids.Contains(entry.EventId)).ToDictionaryAsync(entry => entry.EventId, entry => entry.Index, cancellation);
        var people = await new AuditPayloads(db, db.OrganizationId!.Value, keys).PeopleAsync(cancellation);
        return
        [
            .. events.Select(entry => new AuditRow(
                entry,
                places.TryGetValue(entry.Id, out var index) ? index : null,
                entry.ActorRef is { } actor ? people.GetValueOrDefault(actor) : null,
                entry.ResourceRef is { } resource ? people.GetValueOrDefault(resource) : null)),
        ];
    }
}

/// <summary>How many events of a severity a day had.</summary>
public sealed record AuditDay(DateOnly Day, AuditSeverity Severity, long Events);
