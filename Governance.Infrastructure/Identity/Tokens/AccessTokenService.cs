using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Identity.Tokens;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Issues access tokens with refresh tokens, and exchanges a refresh token for the next pair.</summary>
public sealed class AccessTokenService(
    GovernanceDatabase database,
    SigningKeyRing ring,
    TokenFamilyDirectory families,
    AuditTrail audit,
    TimeProvider time,
    IOptions<ApiTokenOptions> options,
    ILogger<AccessTokenService> logger)
{
    private const int MaxUserAgent = 256;

    /// <summary>The same for every reason: it tells a thief nothing.</summary>
    private static readonly Refusal Refused = Refusal.Forbidden("The refresh token is unknown, used, expired or revoked. Sign in again.");

    /// <summary>Begins a family for somebody whose password and second factor were checked just now.</summary>
    /// <param name="person">The person as read for that check: a stamp that has changed since ends the family at once.</param>
    /// <param name="client">Where the request came from.</param>
    /// <param name="scope">What to limit the tokens to, names separated by spaces; none for the person's own rights.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IssuedTokens> IssueAsync(Person person, TokenClient client, string? scope, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var family = new RefreshTokenFamily
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = person.OrganizationId,
            PersonId = person.Id,
            Scope = scope,
            StampHash = RefreshTokenFamily.HashOf(person.SecurityStamp),
            IpAddress = client.IpAddress,
            UserAgent = client.UserAgent is { Length: > MaxUserAgent } agent ? agent[..MaxUserAgent] : client.UserAgent,
            CreatedAt = now,
            ExpiresAt = now + options.Value.RefreshTokenLifetime,
            LastUsedAt = now,
        };
        var (issued, token) = await NextAsync(family, now, cancellation);
        await using var db = database.ForOrganization(person.OrganizationId);
        db.RefreshTokenFamilies.Add(family);
        db.RefreshTokens.Add(token);
        audit.Record(db, Owner(family, client), "token.issued", "token_family", family.Id.ToString("n"), new { family.Scope });
        await db.SaveChangesAsync(cancellation);
        return issued;
    }

    /// <summary>Uses a refresh token up. One that was used before ends its family: either its owner or a thief comes second.</summary>
    public async Task<Result<IssuedTokens>> RefreshAsync(string refreshToken, TokenClient client, CancellationToken cancellation)
    {
        if (!SecretKey.HasShape(SecretKey.RefreshTokenPrefix, refreshToken)) return Refused;

        var now = time.GetUtcNow();
        if (await FindAsync(SecretKey.Hash(refreshToken), cancellation) is not var (used, family, stamp)) return Refused;
        if (used.UsedAt is not null) return await RefuseReuseAsync(family, client, now, cancellation);
        if (used.ExpiresAt <= now || !family.IsAlive(stamp, now)) return Refused;

        var (issued, next) = await NextAsync(family, now, cancellation);
        await using var db = database.ForOrganization(family.OrganizationId);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellation))
        {
            // Of several that use it at this moment, one changes the row.
            var won = await db.RefreshTokens.Where(token => token.Id == used.Id && token.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.UsedAt, now), cancellation);
            if (won == 1)
            {
                await db.RefreshTokenFamilies.Where(row => row.Id == family.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellation);
                db.RefreshTokens.Add(next);
                await db.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return issued;
            }
        }

        return await RefuseReuseAsync(family, client, now, cancellation);
    }

    private async Task<(RefreshToken Token, RefreshTokenFamily Family, string? Stamp)?> FindAsync(byte[] hash, CancellationToken cancellation)
    {
        await using var db = database.AcrossOrganizations();
        var found = await (
            from token in db.RefreshTokens
            join family in db.RefreshTokenFamilies on token.FamilyId equals family.Id
            join person in db.Users on family.PersonId equals person.Id
            where token.Hash == hash && person.DisabledAt == null
            select new { Token = token, Family = family, person.SecurityStamp }).AsNoTracking().SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.Token, found.Family, found.SecurityStamp);
    }

    /// <summary>The next pair of a family. Nothing is saved yet: a token that could not be signed must not use up its predecessor.</summary>
    private async Task<(IssuedTokens Issued, RefreshToken Token)> NextAsync(RefreshTokenFamily family, DateTimeOffset now, CancellationToken cancellation)
    {
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var claims = new AccessTokenClaims(
            options.Value.Issuer,
            options.Value.Audience,
            family.PersonId,
            family.OrganizationId,
            Guid.CreateVersion7(now),
            family.Id,
            issuedAt,
            issuedAt,
            Earlier(issuedAt + options.Value.AccessTokenLifetime, family.ExpiresAt),
            family.Scope);
        var secret = SecretKey.Create(SecretKey.RefreshTokenPrefix);
        var token = new RefreshToken
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = family.OrganizationId,
            FamilyId = family.Id,
            Hash = SecretKey.Hash(secret),
            CreatedAt = now,
            ExpiresAt = Earlier(now + options.Value.RefreshTokenIdleLifetime, family.ExpiresAt),
        };
        var jwt = await ring.SignAsync(claims, cancellation);
        return (new IssuedTokens(jwt, claims.ExpiresAt - issuedAt, secret, token.ExpiresAt, family.Id, family.Scope), token);
    }

    private async Task<Refusal> RefuseReuseAsync(RefreshTokenFamily family, TokenClient client, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(family.OrganizationId);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellation))
        {
            var ended = await db.RefreshTokenFamilies.Where(row => row.Id == family.Id && row.RevokedAt == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.RevokedAt, now).SetProperty(row => row.RevokedFor, TokenRevocation.Reuse), cancellation);
            if (ended == 0) return Refused;

            audit.Record(db, Owner(family, client), "token.reused", "token_family", family.Id.ToString("n"), outcome: AuditOutcome.Denied);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        families.Forget(family.Id);
        Log.RefreshTokenReused(logger, family.Id);
        return Refused;
    }

    /// <summary>Whose tokens they are, which is all that is known of whoever presents them.</summary>
    private static Actor Owner(RefreshTokenFamily family, TokenClient client) =>
        new(ActorKind.Person, family.PersonId, family.OrganizationId, null, null, client.IpAddress, client.UserAgent);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
