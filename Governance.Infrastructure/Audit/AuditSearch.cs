using Governance.Domain;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>
/// Turns a filter into runs: queries that an index has in the order of the page, and of which each event that passes is in exactly one. So a
/// page is read from the ends of a few runs, however long the log is and however seldom what is looked for.
/// </summary>
internal sealed class AuditSearch(GovernanceDbContext db, AuditFilter filter, DataKeys keys)
{
    /// <param name="cancellation">Stops the queries it takes to find out.</param>
    public async Task<IReadOnlyList<IQueryable<AuditEvent>>> RunsAsync(CancellationToken cancellation)
    {
        var events = filter.Apply(db.AuditEvents.AsNoTracking());
        if (filter.PersonId is { } person) return await OfPersonAsync(events, person, cancellation);
        if (filter.ResourceRef is { } reference) return [.. OnResource(events, reference)];
        if (filter.ActorRef is { } actor) return await OfKindsAsync(events, actor, cancellation);
        return filter.IsByKind ? await OfKindsAsync(events, null, cancellation) : [events];
    }

    /// <summary>Each kind that passes as a run. Where there are too many to count, most pass, and all events in order serve as well.</summary>
    public async Task<IReadOnlyList<IQueryable<AuditEvent>>> OfKindsAsync(IQueryable<AuditEvent> events, string? actor, CancellationToken cancellation)
    {
        if (await AuditKind.AllAsync(db, actor, cancellation) is not { } kinds) return [actor is null ? events : events.Where(entry => entry.ActorRef == actor)];
        return [.. kinds.Where(filter.Passes).Select(kind => Of(actor is null ? events : events.Where(entry => entry.ActorRef == actor), kind))];
    }

    private static IQueryable<AuditEvent> Of(IQueryable<AuditEvent> events, AuditKind kind)
    {
        var (action, type, category, severity, outcome) = kind;
        return events.Where(entry =>
            entry.Action == action && entry.ResourceType == type && entry.Category == category && entry.Severity == severity && entry.Outcome == outcome);
    }

    /// <summary>What they did, what was done to them, and what is said about them.</summary>
    private async Task<IReadOnlyList<IQueryable<AuditEvent>>> OfPersonAsync(IQueryable<AuditEvent> events, Guid person, CancellationToken cancellation)
    {
        var key = await db.DataKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Owner == DataKeyOwner.Person && row.OwnerId == person, cancellation);
        if (key is null || keys.Open(key) is not { } open) return [];
        var (token, keyId) = (open.TokenOf(key.OrganizationId, person), key.Id);
        return
        [
            .. await OfKindsAsync(events, token, cancellation),
            events.Where(entry => entry.ResourceRef == token && entry.ResourceType != CallLeaf.ResourceType && entry.ActorRef != token),
            // The key is this organisation's, so what lies under it is. Asked for the organisation too, SQLite would begin with all its events.
            (from part in db.AuditParts.Where(part => part.KeyId == keyId)
             join entry in events on part.EventId equals entry.Id
             where entry.ActorRef != token && entry.ResourceRef != token
                && !db.AuditParts.Any(other => other.EventId == part.EventId && other.KeyId == keyId && other.Number < part.Number)
             select entry).IgnoreQueryFilters([GovernanceDbContext.OrganizationFilter]),
        ];
    }

    /// <summary>What was done to one thing. Calls are not in the index of things; the one that a reference names is the event with its id.</summary>
    private static IEnumerable<IQueryable<AuditEvent>> OnResource(IQueryable<AuditEvent> events, string reference)
    {
        yield return events.Where(entry => entry.ResourceRef == reference && entry.ResourceType != CallLeaf.ResourceType);
        if (PublicId.TryParse(PublicId.Request, reference, out var call))
            yield return events.Where(entry => entry.Id == call && entry.ResourceRef == reference && entry.ResourceType == CallLeaf.ResourceType);
    }
}
