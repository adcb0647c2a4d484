using System.Buffers.Text;
using System.Security.Cryptography;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.People;

/// <summary>
/// Erases a person for good: who they were and where they came from. What they did stays under their id, and the audit log still
/// verifies, because what it says about them lies under a key that is destroyed here.
/// </summary>
public sealed class PersonErasureService(GovernanceDatabase database, AccessControl access, SessionService sessions, AuditTrail audit, DataKeys keys, PersonAccessEnding ending)
{
    /// <summary>What lists show in place of the name.</summary>
    public const string ErasedName = "Erased person";

    private const int MaxReason = 1000;

    /// <summary>Erases somebody who is disabled. It cannot be undone.</summary>
    /// <param name="actor">Who does it, having proved who they are; never the person themselves.</param>
    /// <param name="personId">Whom.</param>
    /// <param name="reason">Why: a request of theirs, a period that is over.</param>
    /// <param name="cancellation">Gives up before it begins.</param>
    public async Task<Result> EraseAsync(Actor actor, Guid personId, string reason, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleErase, cancellation) is { } refusal) return refusal;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        if (actor.Id == personId) return Refusal.Conflict("You cannot erase yourself. Ask somebody else who may.");
        reason = reason.Trim();
        if (reason.Length is 0 or > MaxReason) return Refusal.Invalid("Reason", $"Say why, in 1 to {MaxReason} characters. Do not name the person: it stays.");

        var result = await database.SeriallyAsync(actor.OrganizationId, db => EraseAsync(db, actor, personId, reason, cancellation), cancellation);
        if (result.Succeeded) ending.Forget(personId);
        return result;
    }

    private async Task<Result> EraseAsync(GovernanceDbContext db, Actor actor, Guid personId, string reason, CancellationToken cancellation)
    {
        if (await db.Users.SingleOrDefaultAsync(row => row.Id == personId, cancellation) is not { } person) return Refusal.NotFound("The organisation has no such person.");
        if (person.DisabledAt is null) return Refusal.Conflict("Disable them first: whoever is erased can never come back.");
        var key = await db.DataKeys.SingleOrDefaultAsync(row => row.Owner == DataKeyOwner.Person && row.OwnerId == personId, cancellation);
        if (key?.Wrapped is null) return Refusal.Conflict("They were erased already.");

        await ForgetWhoTheyWereAsync(db, person, cancellation);
        keys.Destroy(key);
        audit.Record(db, actor, DataKeys.Erased, "data_key", Base64Url.EncodeToString(DataKey.Bytes(key.Id)), new { reason });
        return Result.Ok;
    }

    private static async Task ForgetWhoTheyWereAsync(GovernanceDbContext db, Person person, CancellationToken cancellation)
    {
        var (id, normalized) = (person.Id, person.NormalizedEmail);
        var nobody = $"erased-{id:n}@erased.invalid";
        var normalizedNobody = nobody.ToUpperInvariant();
        (person.DisplayName, person.Email, person.UserName) = (ErasedName, nobody, nobody);
        (person.NormalizedEmail, person.NormalizedUserName) = (normalizedNobody, normalizedNobody);
        (person.PasswordHash, person.PhoneNumber, person.EmailConfirmed) = (null, null, false);
        person.SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20));

        await db.Invitations.Where(row => row.NormalizedEmail == normalized).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.DisplayName, ErasedName).SetProperty(row => row.Email, nobody).SetProperty(row => row.NormalizedEmail, normalizedNobody), cancellation);
        await db.Sessions.Where(row => row.PersonId == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.IpAddress, (string?)null).SetProperty(row => row.UserAgent, (string?)null), cancellation);
        await db.SavedFilters.Where(row => row.PersonId == id).ExecuteDeleteAsync(cancellation);
        await db.Authenticators.Where(row => row.PersonId == id).ExecuteDeleteAsync(cancellation);
        await db.RecoveryCodes.Where(row => row.PersonId == id).ExecuteDeleteAsync(cancellation);
        await db.UserPasskeys.Where(row => row.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.UserLogins.Where(row => row.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.UserTokens.Where(row => row.UserId == id).ExecuteDeleteAsync(cancellation);
    }
}
