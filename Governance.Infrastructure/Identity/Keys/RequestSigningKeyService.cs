using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>A pair as pages show it.</summary>
/// <param name="Id">Its own id.</param>
/// <param name="AccessKeyId">What requests name it by.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RevokedAt">When it was revoked; none if it was not.</param>
/// <param name="ValidUntil">Until when it works after a rotation of its key; none if there was none since.</param>
public sealed record RequestSigningKeyRow(Guid Id, string AccessKeyId, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt, DateTimeOffset? ValidUntil);

/// <summary>A pair right after it was made: the only moment at which its secret is shown.</summary>
public sealed record CreatedSigningKey(Guid Id, string AccessKeyId, string Secret);

/// <summary>Creates, lists and revokes the pairs with which callers sign requests for a virtual key.</summary>
public sealed class RequestSigningKeyService(
    GovernanceDatabase database, AccessControl access, SessionService sessions, KeyDirectory directory, MasterKey master, AuditTrail audit, TimeProvider time)
{
    /// <summary>How many pairs of one key may work at once.</summary>
    public const int MaxActive = 5;

    /// <summary>The pairs of a key, the newest first; none of one that the actor may not see.</summary>
    public async Task<IReadOnlyList<RequestSigningKeyRow>> ListAsync(Actor actor, Guid keyId, CancellationToken cancellation)
    {
        await using var db = await access.OpenAsync(actor, Permissions.KeysRead, cancellation);
        return await (
            from key in db.VirtualKeys
            join pair in db.RequestSigningKeys on key.Id equals pair.KeyId
            join secret in db.KeySecrets on pair.SecretId equals secret.Id
            where key.Id == keyId
            orderby pair.CreatedAt descending, pair.Id descending
            select new RequestSigningKeyRow(pair.Id, pair.AccessKeyId, pair.CreatedAt, pair.RevokedAt, secret.ValidUntil)).ToListAsync(cancellation);
    }

    public async Task<Result<CreatedSigningKey>> CreateAsync(Actor actor, Guid keyId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var key = await db.VirtualKeys.Include(key => key.Secrets).AsNoTracking().SingleOrDefaultAsync(key => key.Id == keyId, cancellation);
        if (key is null) return Refusal.NotFound("There is no such key.");
        if (await access.CheckAsync(actor, Permissions.KeysWrite, AccessScope.Application(key.ApplicationId), cancellation) is { } refusal) return refusal;
        if (key.RevokedAt is not null) return Refusal.Conflict("The key was revoked, for good. Create a new one.");
        if (key.ExpiresAt <= now) return Refusal.Conflict("The key has expired. Give it a later end first.");
        var working = key.Secrets.Where(secret => secret.IsValid(now)).Select(secret => secret.Id).ToList();
        if (await db.RequestSigningKeys.CountAsync(pair => pair.KeyId == keyId && pair.RevokedAt == null && working.Contains(pair.SecretId), cancellation) >= MaxActive)
            return Refusal.Conflict($"The key has {MaxActive} signing keys that work. Revoke one that is no longer used first.");
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var (accessKeyId, secret) = (RequestSigningKey.NewAccessKeyId(), RequestSigningKey.NewSecret());
        var created = new RequestSigningKey
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            KeyId = keyId,
            SecretId = key.Secrets.Single(secret => !secret.IsReplaced).Id,
            AccessKeyId = accessKeyId,
            WrappedSecret = RequestSigningKey.Wrap(master, accessKeyId, secret),
            CreatedAt = now,
            CreatedBy = actor.Id,
        };
        db.RequestSigningKeys.Add(created);
        audit.Record(db, actor, "key.signing_key_created", "key", key.PublicId, new { key.Name, accessKeyId });
        await db.SaveChangesAsync(cancellation);
        return new CreatedSigningKey(created.Id, accessKeyId, secret);
    }

    /// <summary>Ends a pair for good; its key stays. To take a risk away needs no further proof.</summary>
    public async Task<Result> RevokeAsync(Actor actor, Guid signingKeyId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var pair = await db.RequestSigningKeys.SingleOrDefaultAsync(pair => pair.Id == signingKeyId, cancellation);
        if (pair is null) return Refusal.NotFound("There is no such signing key.");
        var key = await db.VirtualKeys.AsNoTracking().SingleAsync(key => key.Id == pair.KeyId, cancellation);
        if (await access.CheckAsync(actor, Permissions.KeysWrite, AccessScope.Application(key.ApplicationId), cancellation) is { } refusal) return refusal;
        if (pair.RevokedAt is not null) return Result.Ok;

        (pair.RevokedAt, pair.RevokedBy) = (time.GetUtcNow(), actor.Id);
        audit.Record(db, actor, "key.signing_key_revoked", "key", key.PublicId, new { key.Name, pair.AccessKeyId });
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }
}
