using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>Where a sign-in comes from, for the audit log.</summary>
public sealed record SignInOrigin(string? IpAddress, string? UserAgent);

/// <summary>
/// Finds out whether a mail address and a password belong together. An unknown address, a wrong password and a locked account get the same
/// answer for the same work: one hash, then the same statements in one commit.
/// </summary>
public sealed class PasswordSignIn(
    UserManager<Person> users, PasswordHashing hashing, SignInThrottle throttle, OperatingOrganization operating, GovernanceDatabase database, AuditTrail audit)
{
    /// <summary>What everybody is told who is not let in.</summary>
    public static readonly Refusal Refused =
        Refusal.Forbidden("Email and password do not match an account, or it is locked for a while after too many attempts.");

    /// <summary>
    /// The person, if the password is theirs and no lock stands. A refusal has been counted and recorded; a success has not, because a
    /// second factor may be missing: whoever completes the sign-in calls <see cref="SignInThrottle.RecordSuccessAsync"/>.
    /// </summary>
    public async Task<Result<Person>> CheckAsync(string email, string password, SignInOrigin origin, CancellationToken cancellation)
    {
        var person = await users.FindByEmailAsync(email.Trim());
        var verified = await hashing.VerifyAsync(person, password, cancellation);
        if (!verified.Succeeded) return verified.Refusal;

        // From here on nothing is cancellable: whoever hangs up after a wrong guess has still made it.
        var locked = (await throttle.LockOfAsync(person?.OrganizationId ?? Guid.Empty, person?.Id ?? Guid.Empty, CancellationToken.None)).IsLocked;
        if (person is null) return await RefuseAsync(null, origin, "unknown_address");
        if (person.DisabledAt is not null) return await RefuseAsync(person, origin, "disabled");
        if (locked || await users.IsLockedOutAsync(person)) return await RefuseAsync(person, origin, "locked_out");
        if (verified.Value == PasswordVerificationResult.Failed) return await RefuseAsync(person, origin, null);
        if (!person.EmailConfirmed) return await RefuseAsync(person, origin, "email_not_confirmed");

        if (verified.Value == PasswordVerificationResult.SuccessRehashNeeded) await RehashAsync(person, password);
        return person;
    }

    private async Task<Refusal> RefuseAsync(Person? person, SignInOrigin origin, string? reason)
    {
        var organizationId = person?.OrganizationId ?? (await operating.FindAsync(CancellationToken.None))?.Id;
        if (organizationId is null) return Refused; // Nobody has set the installation up yet.

        await using var db = database.ForOrganization(organizationId.Value);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await throttle.RecordFailureAsync(db, organizationId.Value, reason is null ? person!.Id : Guid.Empty);
        var actor = new Actor(ActorKind.Person, null, organizationId.Value, null, null, origin.IpAddress, origin.UserAgent); // Nobody knows yet whether it is them.
        audit.Record(db, actor, "sign_in.failed", "person", person?.Id.ToString("n"), outcome: AuditOutcome.Failure, reason: reason ?? "wrong_password");
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return Refused;
    }

    /// <summary>Replaces a hash made under an older rule. If the server is busy, the next sign-in does it.</summary>
    private async Task RehashAsync(Person person, string password)
    {
        var (known, hashed) = (person.PasswordHash, await hashing.HashAsync(person, password, CancellationToken.None));
        if (!hashed.Succeeded) return;
        await using var db = database.ForOrganization(person.OrganizationId);
        await db.Users.Where(row => row.Id == person.Id && row.PasswordHash == known)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, hashed.Value));
    }
}
