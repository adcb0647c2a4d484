using System.Net.Mail;
using System.Security.Cryptography;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>What people change about themselves: name, mail address, and the wish to be deleted.</summary>
public sealed class ProfileService(
    GovernanceDatabase database, UserManager<Person> users, SessionService sessions, SessionDirectory sessionDirectory, AccessControl access,
    AccountMails mails, AuditTrail audit, TimeProvider time)
{
    private static readonly Refusal UsedUp =
        Refusal.Conflict("This link does not work: it was used, replaced by a newer one, or it has expired. Begin again on your profile.");

    /// <summary>The actor as a person; none if they are gone.</summary>
    public async Task<Person?> FindAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(person => person.Id == actor.Id, cancellation);
    }

    public async Task<Result> RenameAsync(Actor actor, string name, CancellationToken cancellation)
    {
        name = name.Trim();
        if (name.Length is 0 or > 200) return Refusal.Invalid("Name", "Give your name in 1 to 200 characters.");
        await using var db = database.ForOrganization(actor.OrganizationId);
        var person = await db.Users.SingleAsync(person => person.Id == actor.Id, cancellation);
        if (person.DisplayName == name) return Result.Ok;
        audit.Record(db, actor, "person.renamed", "person", person.Id.ToString("n"), about: new AboutPerson(person.Id, new { before = person.DisplayName, after = name }));
        person.DisplayName = name;
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Sends a link to the new address; nothing changes before it is opened. The answer is the same if somebody else has that address.</summary>
    public async Task<Result> RequestEmailAsync(Actor actor, string email, CancellationToken cancellation)
    {
        email = email.Trim();
        if (email.Length is 0 or > 254 || !MailAddress.TryCreate(email, out var parsed) || parsed.Address != email)
            return Refusal.Invalid("Email", "Give a mail address such as ann@example.com.");
        if (await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;

        var person = (await users.FindByIdAsync(actor.Id!.Value.ToString()))!;
        if (users.NormalizeEmail(email) == person.NormalizedEmail) return Refusal.Invalid("Email", "This is your mail address already.");
        var token = await users.GenerateChangeEmailTokenAsync(person, email);
        await using var db = database.ForOrganization(actor.OrganizationId);
        mails.ConfirmAddress(db, person, email, token);
        audit.Record(db, actor, "email.change_requested", "person", person.Id.ToString("n"));
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Changes the address for whoever holds the link that was sent there.</summary>
    public async Task<Result> ConfirmEmailAsync(Guid personId, string? email, string? token, SignInOrigin origin, CancellationToken cancellation)
    {
        var person = await users.FindByIdAsync(personId.ToString());
        if (person is not { DisabledAt: null } || email is not { Length: > 0 and <= 254 } || token is not { Length: > 0 and < 2000 }
            || !await users.VerifyUserTokenAsync(person, users.Options.Tokens.ChangeEmailTokenProvider, UserManager<Person>.GetChangeEmailTokenPurpose(email), token))
            return UsedUp;

        var (known, stamp, normalized) = (person.SecurityStamp, Convert.ToHexString(RandomNumberGenerator.GetBytes(20)), users.NormalizeEmail(email));
        var actor = new Actor(ActorKind.Person, person.Id, person.OrganizationId, null, null, origin.IpAddress, origin.UserAgent);
        await using var db = database.ForOrganization(person.OrganizationId);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            var changed = await db.Users.Where(row => row.Id == person.Id && row.SecurityStamp == known).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Email, email).SetProperty(row => row.NormalizedEmail, normalized).SetProperty(row => row.UserName, email)
                    .SetProperty(row => row.NormalizedUserName, normalized).SetProperty(row => row.SecurityStamp, stamp), cancellation);
            if (changed == 0) return UsedUp;
            await sessions.EndAllAsync(db, actor, person.Id, null, SessionEnd.CredentialsChanged, cancellation);
            mails.AddressChanged(db, person, person.Email!);
            audit.Record(db, actor, "email.changed", "person", person.Id.ToString("n"), about: new AboutPerson(person.Id, new { before = person.Email, after = email }));
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody else has an account with this mail address.");
        }

        sessionDirectory.Forget();
        return Result.Ok;
    }

    /// <summary>Asks for the deletion of one's account, or takes that back. Those who administer people get a mail.</summary>
    public async Task<Result> RequestDeletionAsync(Actor actor, bool wanted, CancellationToken cancellation)
    {
        if (wanted && await sessions.CheckProofAsync(actor, cancellation) is { } proof) return proof;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var person = await db.Users.SingleAsync(person => person.Id == actor.Id, cancellation);
        if (person.DeletionRequestedAt is not null == wanted) return Result.Ok;
        person.DeletionRequestedAt = wanted ? time.GetUtcNow() : null;
        audit.Record(db, actor, wanted ? "person.deletion_requested" : "person.deletion_withdrawn", "person", person.Id.ToString("n"));
        if (wanted)
        {
            foreach (var administrator in await db.Users.Where(other => other.DisabledAt == null && other.Id != person.Id).ToListAsync(cancellation))
            {
                if (await access.MayAsync(new Actor(ActorKind.Person, administrator.Id, actor.OrganizationId), Permissions.PeopleWrite, cancellation))
                    mails.DeletionRequested(db, administrator, person);
            }
        }

        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }
}
