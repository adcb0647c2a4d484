using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit;

/// <summary>What is to be known of a log as a whole. Who may not read it learns nothing.</summary>
public sealed class AuditLogQueries(AccessControl access, GovernanceDatabase database, DataKeys keys)
{
    /// <summary>Whom the log can speak of by name, by name.</summary>
    public async Task<IReadOnlyList<AuditPerson>> PeopleAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var people = await new AuditPayloads(db, actor.OrganizationId, keys).PeopleAsync(cancellation);
        return [.. people.Values.OrderBy(person => person.Name, StringComparer.CurrentCultureIgnoreCase)];
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
        return new AuditLogHead(await db.LastCheckpointAsync(cancellation), await LogKeys.ReadAsync(db, actor.OrganizationId, cancellation));
    }
}

/// <summary>The signed end of a log.</summary>
/// <param name="Checkpoint">The newest; none before the first.</param>
/// <param name="Keys">Who has signed the log.</param>
public sealed record AuditLogHead(AuditCheckpoint? Checkpoint, LogKeys Keys);
