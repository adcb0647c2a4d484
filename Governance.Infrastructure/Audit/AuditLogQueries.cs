using System.Buffers.Text;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>What is to be known of a log as a whole. Who may not read it learns nothing.</summary>
public sealed class AuditLogQueries(AccessControl access, GovernanceDatabase database)
{
    /// <summary>Whom the log can speak of by name, by name.</summary>
    public async Task<IReadOnlyList<AuditPerson>> PeopleAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var people = await (
            from key in db.DataKeys
            where key.Owner == DataKeyOwner.Person && key.Wrapped != null
            join person in db.Users on key.OwnerId equals person.Id
            select new AuditPerson(person.Id, person.DisplayName)).ToListAsync(cancellation);
        return [.. people.OrderBy(person => person.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>How many events a period has.</summary>
    public async Task<long> CountAsync(Actor actor, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return 0;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.AuditEvents.LongCountAsync(entry => entry.At >= from && entry.At < to, cancellation);
    }

    /// <summary>Up to where the log is signed, verified and archived, and by whom it is signed. None if the actor may not read it.</summary>
    public async Task<AuditIntegrity?> IntegrityAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var files = await db.AuditSegments.CountAsync(cancellation);
        return new AuditIntegrity(
            await db.LastCheckpointAsync(cancellation),
            await LogKeys.ReadAsync(db, actor.OrganizationId, cancellation),
            await db.AuditChecks.AsNoTracking().SingleOrDefaultAsync(cancellation),
            files == 0 ? null : new ArchivedEntries(
                files,
                await db.AuditSegments.MaxAsync(segment => segment.End, cancellation),
                await db.AuditSegments.SumAsync(segment => segment.Length, cancellation),
                await db.AuditSegments.MaxAsync(segment => segment.To, cancellation)));
    }

    /// <summary>The entries that say that keys were destroyed; for keys that were not there is none.</summary>
    public async Task<IReadOnlyList<AuditErasure>> ErasuresAsync(Actor actor, IReadOnlyCollection<Guid> keyIds, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return [];
        var refs = keyIds.Distinct().ToDictionary(id => Base64Url.EncodeToString(DataKey.Bytes(id)), StringComparer.Ordinal);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var found = await db.AuditEvents.Where(entry => entry.Action == DataKeys.Erased && entry.ResourceType == "data_key" && refs.Keys.Contains(entry.ResourceRef!))
            .Select(entry => new { entry.Id, entry.ResourceRef, entry.At }).ToListAsync(cancellation);
        return [.. found.Select(entry => new AuditErasure(refs[entry.ResourceRef!], entry.Id, entry.At)).OrderBy(erasure => erasure.At)];
    }

    /// <summary>What the self-check found wrong; none if all is well or the actor may not read the log.</summary>
    public async Task<string?> ProblemAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.AuditChecks.Select(check => check.Problem).SingleOrDefaultAsync(cancellation);
    }
}

/// <summary>That a data key was destroyed, and the entry that says so.</summary>
public sealed record AuditErasure(Guid KeyId, Guid EventId, DateTimeOffset At);

/// <summary>How well a log is kept.</summary>
/// <param name="Checkpoint">The newest; none before the first.</param>
/// <param name="Keys">Who has signed the log.</param>
/// <param name="Check">What the self-check found; none before it first ran.</param>
/// <param name="Archive">What lies in files; none if nothing does.</param>
public sealed record AuditIntegrity(AuditCheckpoint? Checkpoint, LogKeys Keys, AuditCheck? Check, ArchivedEntries? Archive);

/// <summary>What lies in archive files.</summary>
/// <param name="Files">How many.</param>
/// <param name="Entries">The first so many entries.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Until">When the latest of them was recorded.</param>
public sealed record ArchivedEntries(int Files, long Entries, long Length, DateTimeOffset Until);
