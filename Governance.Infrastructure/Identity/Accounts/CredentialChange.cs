using System.Security.Cryptography;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Identity.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Accounts;

/// <summary>Gives a person a new password, and ends everything that the old one opened.</summary>
public sealed class CredentialChange(
    GovernanceDatabase database, PasswordHashing hashing, SessionService sessions, SessionDirectory sessionDirectory, TokenFamilyDirectory tokens,
    AccountMails mails, AuditTrail audit)
{
    /// <summary>Checks the new password against the rules and saves it. Of several changes at once, one wins.</summary>
    /// <param name="users">For the rules.</param>
    /// <param name="actor">Who acts; their current session, if any, stays.</param>
    /// <param name="person">Whose, as read when the right to change it was proved.</param>
    /// <param name="password">The new one.</param>
    /// <param name="action">What is recorded.</param>
    /// <param name="cancellation">Stops it before it is saved.</param>
    public async Task<Result> SetPasswordAsync(
        UserManager<Person> users, Actor actor, Person person, string password, string action, CancellationToken cancellation)
    {
        foreach (var validator in users.PasswordValidators)
        {
            var valid = await validator.ValidateAsync(users, person, password);
            if (!valid.Succeeded) return Refusal.Invalid("Password", valid.Errors.First().Description);
        }

        var hash = await hashing.HashAsync(person, password, cancellation);
        if (!hash.Succeeded) return hash.Refusal;

        await using var db = database.ForOrganization(person.OrganizationId);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellation))
        {
            // The stamp is what a reset link was made from: once it has changed, the link is used up.
            var (known, stamp) = (person.SecurityStamp, Convert.ToHexString(RandomNumberGenerator.GetBytes(20)));
            var changed = await db.Users.Where(row => row.Id == person.Id && row.SecurityStamp == known && row.DisabledAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, hash.Value).SetProperty(row => row.SecurityStamp, stamp), cancellation);
            if (changed == 0) return Refusal.Conflict("This account was changed at this very moment. Begin again.");
            await sessions.EndAllAsync(db, actor, person.Id, actor.SessionId, SessionEnd.CredentialsChanged, cancellation);
            audit.Record(db, actor, action, "person", person.Id.ToString("n"));
            mails.PasswordChanged(db, person);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        // A family of API tokens holds the stamp it was begun with, so it has ended by now.
        sessionDirectory.Forget();
        tokens.ForgetPerson(person.Id);
        return Result.Ok;
    }
}
