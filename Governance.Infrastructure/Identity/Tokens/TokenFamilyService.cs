using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>A sign-in to the API as lists of sessions show it.</summary>
public sealed record TokenFamilyRow(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, string? IpAddress, string? UserAgent);

/// <summary>Lists and ends the families of tokens with which a person uses the API.</summary>
public sealed class TokenFamilyService(GovernanceDatabase database, AccessControl access, TokenFamilyDirectory directory, AuditTrail audit, TimeProvider time)
{
    /// <summary>Those that have not ended, last used first.</summary>
    public async Task<IReadOnlyList<TokenFamilyRow>> ListAsync(Actor actor, Guid personId, CancellationToken cancellation)
    {
        if (personId != actor.Id && !await access.MayAsync(actor, Permissions.SessionsRead, cancellation)) return [];
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await db.RefreshTokenFamilies
            .Where(family => family.PersonId == personId && family.RevokedAt == null && family.ExpiresAt > now)
            .OrderByDescending(family => family.LastUsedAt).ThenBy(family => family.Id)
            .Select(family => new TokenFamilyRow(
                family.Id, family.CreatedAt, family.LastUsedAt, family.ExpiresAt, family.IpAddress, family.UserAgent))
            .ToListAsync(cancellation);
    }

    /// <summary>Ends one family.</summary>
    public async Task<Result> RevokeAsync(Actor actor, Guid familyId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var family = await db.RefreshTokenFamilies.SingleOrDefaultAsync(family => family.Id == familyId, cancellation);
        if (family is null) return Refusal.NotFound("There is no such session.");
        if (family.PersonId != actor.Id && await access.CheckAsync(actor, Permissions.SessionsEnd, cancellation) is { } refusal) return refusal;
        if (family.RevokedAt is not null) return Result.Ok;

        Revoke(family, actor, TokenRevocation.Ended);
        audit.Record(db, actor, "token.revoked", "token_family", family.Id.ToString("n"), new { family.PersonId });
        await db.SaveChangesAsync(cancellation);
        directory.Forget(family.Id);
        return Result.Ok;
    }

    /// <summary>Ends all families of a person: in this process their tokens are refused from the next call on, in others within seconds.</summary>
    public async Task<Result> RevokeForPersonAsync(Actor actor, Guid personId, TokenRevocation reason, CancellationToken cancellation)
    {
        if (personId != actor.Id && await access.CheckAsync(actor, Permissions.SessionsEnd, cancellation) is { } refusal) return refusal;

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Users.AnyAsync(person => person.Id == personId, cancellation)) return Refusal.NotFound("There is no such person.");
        await RevokeForPersonAsync(db, actor, personId, reason, cancellation);
        await db.SaveChangesAsync(cancellation);
        directory.ForgetPerson(personId);
        return Result.Ok;
    }

    /// <summary>Ends them in the transaction of a change that was authorised; <see cref="TokenFamilyDirectory.ForgetPerson"/> comes after its commit.</summary>
    internal async Task RevokeForPersonAsync(GovernanceDbContext db, Actor actor, Guid personId, TokenRevocation reason, CancellationToken cancellation)
    {
        var families = await db.RefreshTokenFamilies
            .Where(family => family.PersonId == personId && family.RevokedAt == null).ToListAsync(cancellation);
        if (families.Count == 0) return;
        foreach (var family in families) Revoke(family, actor, reason);
        audit.Record(db, actor, "token.revoked", "person", personId.ToString("n"), new { Reason = reason.ToString(), families.Count });
    }

    private void Revoke(RefreshTokenFamily family, Actor actor, TokenRevocation reason) =>
        (family.RevokedAt, family.RevokedBy, family.RevokedFor) = (time.GetUtcNow(), actor.Id, reason);
}
