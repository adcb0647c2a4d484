using System.Data;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.People;

/// <summary>Changes people after they were created: renames, disables and enables them.</summary>
public sealed class PersonLifecycleService(
    GovernanceDatabase database, AccessControl access, PersonAccessEnding ending, AuditTrail audit, TimeProvider time)
{
    public const int MaxNameLength = 200;

    public async Task<Result> RenameAsync(Actor actor, Guid personId, string displayName, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } refusal) return refusal;
        displayName = displayName.Trim();
        if (displayName.Length is 0 or > MaxNameLength) return Refusal.Invalid("DisplayName", $"Give the person's name in 1 to {MaxNameLength} characters.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Users.SingleOrDefaultAsync(person => person.Id == personId, cancellation) is not { } person) return NoSuchPerson();
        if (person.DisplayName == displayName) return Result.Ok;
        if (await IsErasedAsync(db, personId, cancellation)) return Erased();

        audit.Record(db, actor, "person.renamed", "person", person.Id.ToString("n"), about: new AboutPerson(person.Id, new { before = person.DisplayName, after = displayName }));
        person.DisplayName = displayName;
        return await SaveAsync(db, personId, cancellation);
    }

    /// <summary>
    /// Shuts a person out: their sessions end with it, and open pages within a minute. What they did stays theirs. Refused for
    /// oneself and for the last who can administer.
    /// </summary>
    public async Task<Result> DisableAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } refusal) return refusal;
        if (actor.Id == personId) return Refusal.Conflict("You cannot disable yourself. Ask another administrator.");

        await using var db = database.ForOrganization(actor.OrganizationId);
        try
        {
            // Two administrators who disable one another at once must not both succeed.
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation);
            if (await db.Users.SingleOrDefaultAsync(person => person.Id == personId, cancellation) is not { } person) return NoSuchPerson();
            if (person.DisabledAt is not null) return Result.Ok;
            if (await IsLastAdministratorAsync(db, personId, cancellation))
                return Refusal.Conflict($"{person.DisplayName} is the last active system administrator. Make somebody else one first.");

            (person.DisabledAt, person.DisabledBy) = (time.GetUtcNow(), actor.Id);
            await ending.EndAsync(db, actor, personId, cancellation);
            audit.Record(db, actor, "person.disabled", "person", person.Id.ToString("n"));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody else changed people at this very moment. Try again.");
        }

        ending.Forget(personId);
        return Result.Ok;
    }

    /// <summary>Lets a disabled person in again, with the roles they hold. They must sign in anew.</summary>
    public async Task<Result> EnableAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.Users.SingleOrDefaultAsync(person => person.Id == personId, cancellation) is not { } person) return NoSuchPerson();
        if (person.DisabledAt is null) return Result.Ok;
        if (await IsErasedAsync(db, personId, cancellation)) return Erased();

        (person.DisabledAt, person.DisabledBy) = (null, null);
        audit.Record(db, actor, "person.enabled", "person", person.Id.ToString("n"));
        return await SaveAsync(db, personId, cancellation);
    }

    private static Task<bool> IsErasedAsync(GovernanceDbContext db, Guid personId, CancellationToken cancellation) =>
        db.DataKeys.AnyAsync(key => key.Owner == DataKeyOwner.Person && key.OwnerId == personId && key.ErasedAt != null, cancellation);

    private static Refusal Erased() => Refusal.Conflict("They were erased, for good.");

    private async Task<Result> SaveAsync(GovernanceDbContext db, Guid personId, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Refusal.Conflict("The person was changed at this very moment. Look again.");
        }

        ending.Forget(personId);
        return Result.Ok;
    }

    private async Task<bool> IsLastAdministratorAsync(GovernanceDbContext db, Guid personId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var administrators = await db.RoleGrants
            .Where(grant => grant.Role == Roles.SystemAdmin && grant.ScopeKind == ScopeKind.Organization
                && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now)
                && db.Users.Any(person => person.Id == grant.PersonId && person.DisabledAt == null))
            .Select(grant => grant.PersonId).Distinct().ToListAsync(cancellation);
        return administrators is [var only] && only == personId;
    }

    private static Refusal NoSuchPerson() => Refusal.NotFound("There is no such person.");
}
