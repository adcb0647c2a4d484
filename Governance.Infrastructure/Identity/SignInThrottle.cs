using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity;

/// <summary>Whether a person's sign-in is locked, and how it opens again.</summary>
/// <param name="Failures">Failed attempts in a row.</param>
/// <param name="Until">When it opens by itself; none if it is open, or only an administrator can open it.</param>
/// <param name="NeedsAdministrator">Whether too many attempts failed for it ever to open by itself.</param>
public sealed record SignInLock(int Failures, DateTimeOffset? Until, bool NeedsAdministrator)
{
    public static readonly SignInLock Open = new(0, null, false);

    public bool IsLocked => Until is not null || NeedsAdministrator;
}

/// <summary>
/// Counts failed attempts of a person, passwords and second factors alike, and locks as <see cref="LockoutSchedule"/> says. Attempts made
/// at the same moment count one after another: once a lock stands, neither a wrong nor a right answer gets past it.
/// </summary>
public sealed class SignInThrottle(GovernanceDatabase database, AccessControl access, AuditTrail audit, TimeProvider time)
{
    /// <summary>What may be said to somebody who has proved nothing yet: the same for a wrong answer and for a lock.</summary>
    public static readonly Refusal TooMany = Refusal.TooMany("There were too many wrong attempts. Wait for some minutes, or ask an administrator to unlock the account.");

    public async Task<SignInLock> LockOfAsync(Guid organizationId, Guid personId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        return await db.SignInAttempts.AsNoTracking().SingleOrDefaultAsync(row => row.PersonId == personId, cancellation) is { } row
            ? ToLock(row)
            : SignInLock.Open;
    }

    /// <summary>
    /// Counts a failure, in the caller's transaction; it is not cancellable, so that hanging up saves no attempt. What fails while a lock
    /// stands was not looked at, and does not count; nor does anything for an id that is nobody's. Each case runs the same statements, so
    /// that the time it takes says nothing.
    /// </summary>
    public async Task RecordFailureAsync(GovernanceDbContext db, Guid organizationId, Guid personId)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO "SignInAttempts" ("PersonId", "OrganizationId", "ConsecutiveFailures")
             SELECT "Id", {organizationId}, 0 FROM "People" WHERE "Id" = {personId} ON CONFLICT DO NOTHING
             """,
            CancellationToken.None);
        while (true)
        {
            var now = time.GetUtcNow();
            var row = await db.SignInAttempts.AsNoTracking().SingleOrDefaultAsync(row => row.PersonId == personId, CancellationToken.None);
            var before = row?.ConsecutiveFailures ?? 0;
            var until = LockoutSchedule.LockAfter(before + 1) is { } duration ? now + duration : (DateTimeOffset?)null;
            var counted = await db.SignInAttempts
                .Where(other => other.PersonId == personId && other.ConsecutiveFailures == before
                    && before < LockoutSchedule.MaxFailures && (other.LockedUntil == null || other.LockedUntil <= now))
                .ExecuteUpdateAsync(set => set
                    .SetProperty(other => other.ConsecutiveFailures, before + 1)
                    .SetProperty(other => other.LockedUntil, until), CancellationToken.None);

            // Or somebody else has counted meanwhile: then the count differs, nothing was written, and it is read again.
            if (counted == 1 || row is null || ToLock(row).IsLocked) return;
        }
    }

    /// <summary>Ends the count after a complete sign-in; false if a lock stands, and the sign-in must be refused.</summary>
    public async Task<bool> RecordSuccessAsync(Guid organizationId, Guid personId)
    {
        await using var db = database.ForOrganization(organizationId);
        var now = time.GetUtcNow();
        var ended = await db.SignInAttempts
            .Where(row => row.PersonId == personId && row.ConsecutiveFailures > 0
                && row.ConsecutiveFailures < LockoutSchedule.MaxFailures && (row.LockedUntil == null || row.LockedUntil <= now))
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.ConsecutiveFailures, 0)
                .SetProperty(row => row.LockedUntil, (DateTimeOffset?)null), CancellationToken.None);
        return ended > 0 || !(await LockOfAsync(organizationId, personId, CancellationToken.None)).IsLocked;
    }

    /// <summary>Opens a locked account.</summary>
    public async Task<Result> UnlockAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } forbidden) return forbidden;

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Users.AnyAsync(person => person.Id == personId, cancellation)) return Refusal.NotFound("There is no such person.");
        var row = await db.SignInAttempts.SingleOrDefaultAsync(row => row.PersonId == personId, cancellation);
        if (row is null || row.ConsecutiveFailures == 0) return Result.Ok;

        audit.Record(db, actor, "sign_in.unlocked", "person", personId.ToString("n"), new { failures = row.ConsecutiveFailures });
        (row.ConsecutiveFailures, row.LockedUntil) = (0, null);
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    private SignInLock ToLock(SignInAttempts row) => new(
        row.ConsecutiveFailures,
        row.ConsecutiveFailures < LockoutSchedule.MaxFailures && row.LockedUntil > time.GetUtcNow() ? row.LockedUntil : null,
        row.ConsecutiveFailures >= LockoutSchedule.MaxFailures);
}
