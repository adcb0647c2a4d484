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

    /// <summary>What a verifier needs to know: up to where the log is signed, and by whom. None if the actor may not read it.</summary>
    public async Task<AuditLogHead?> HeadAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return null;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var origin = AuditLeaf.OriginOf(actor.OrganizationId);
        var publicKeys = await db.AuditPublicKeys.OrderByDescending(key => key.FirstUsedAt).Select(key => key.PublicKey).ToListAsync(cancellation);
        return new AuditLogHead(
            await db.LastCheckpointAsync(cancellation),
            [.. publicKeys.Select(key => new VerifierKey(origin, Convert.FromBase64String(key)))]);
    }
}

/// <summary>The signed end of a log.</summary>
/// <param name="Checkpoint">The newest; none before the first.</param>
/// <param name="Keys">Who has signed the log, the newest first.</param>
public sealed record AuditLogHead(AuditCheckpoint? Checkpoint, IReadOnlyList<VerifierKey> Keys);
