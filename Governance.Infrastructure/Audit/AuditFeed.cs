using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>The log in the order of its indices, for whoever follows it. Indices have no gaps, so whoever misses one has missed an event.</summary>
public sealed class AuditFeed(AccessControl access, GovernanceDatabase database, AuditQueries queries)
{
    /// <summary>The index of the newest entry; -1 if there is none.</summary>
    public async Task<Result<long>> EndAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.SizeOfLogAsync(cancellation) - 1;
    }

    /// <summary>The entries that follow an index, in order.</summary>
    /// <param name="actor">Who follows.</param>
    /// <param name="index">The last index they have; -1 for none.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Result<IReadOnlyList<AuditRow>>> AfterAsync(Actor actor, long index, int size, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var events = await (
            from placed in db.AuditEntries
            where placed.Index > index
            join entry in db.AuditEvents on placed.EventId equals entry.Id
            orderby placed.Index
            select entry).AsNoTracking().Take(size).ToListAsync(cancellation);
        return new Result<IReadOnlyList<AuditRow>>(events.Count == 0 ? [] : await queries.RowsAsync(db, events, cancellation), null);
    }
}
