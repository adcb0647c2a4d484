using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity;

/// <summary>What a new virtual key is for.</summary>
public sealed record NewVirtualKey(Guid ApplicationId, string Name, string Environment, string DataClass)
{
    /// <summary>The person it belongs to; whoever makes it if not said.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>The interfaces of the proxy it opens, out of <see cref="ProxyApis"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [ProxyApis.ChatCompletions];

    /// <summary>The models it may call, as <see cref="Domain.Identity.AllowedModels"/> reads them; empty for all.</summary>
    public IReadOnlyList<string> AllowedModels { get; init; } = [];

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>All that can be changed of a virtual key, as it is to be.</summary>
public sealed record VirtualKeyChange(
    string Name, Guid? OwnerId, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedModels, DateTimeOffset? ExpiresAt);

/// <summary>A key right after it or its secret was made: the only moment at which the secret is known.</summary>
public sealed record CreatedKey(Guid Id, string Secret);

/// <summary>Creates, changes, rotates, lists and revokes the keys with which applications call the proxy.</summary>
public sealed class KeyService(
    GovernanceDatabase database, AccessControl access, SessionService sessions, SettingsDirectory settings, KeyDirectory directory, AuditTrail audit, TimeProvider time)
{
    public static IReadOnlyList<string> Environments { get; } = ["production", "staging", "development", "test"];

    public static IReadOnlyList<string> DataClasses { get; } = ["public", "internal", "confidential", "personal"];

    /// <summary>Keys in use first, then by name.</summary>
    public async Task<IReadOnlyList<VirtualKeyRow>> ListAsync(Actor actor, CancellationToken cancellation) =>
        [.. (await ReadAsync(actor, null, cancellation)).OrderBy(row => row.RevokedAt is not null).ThenBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Id)];

    /// <summary>One key; none if there is no such key, or the actor may not see it.</summary>
    public async Task<VirtualKeyRow?> FindAsync(Actor actor, Guid keyId, CancellationToken cancellation) =>
        (await ReadAsync(actor, keyId, cancellation)).SingleOrDefault();

    public async Task<Result<CreatedKey>> CreateAsync(Actor actor, NewVirtualKey request, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (CredentialRules.CheckName(request.Name) is { } unnamed) return unnamed;
        if (!Environments.Contains(request.Environment))
            return Refusal.Invalid(nameof(request.Environment), $"The environment must be one of {string.Join(", ", Environments)}.");
        if (!DataClasses.Contains(request.DataClass))
            return Refusal.Invalid(nameof(request.DataClass), $"The data class must be one of {string.Join(", ", DataClasses)}.");
        if (CheckUse(request.Scopes, request.AllowedModels) is { } useless) return useless;
        if (CredentialRules.CheckExpiry(request.ExpiresAt, null, now) is { } expired) return expired;

        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Applications.AnyAsync(application => application.Id == request.ApplicationId, cancellation))
            return Refusal.NotFound("There is no such application. Choose one from the list, or register it first.");
        if (await access.CheckAsync(actor, Permissions.KeysWrite, AccessScope.Application(request.ApplicationId), cancellation) is { } refusal) return refusal;
        var ownerId = CredentialRules.OwnerOf(request.OwnerId, actor);
        if (await CredentialRules.CheckOwnerAsync(db, ownerId, null, cancellation) is { } ownerless) return ownerless;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var key = new VirtualKey
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            ApplicationId = request.ApplicationId,
            Name = request.Name.Trim(),
            OwnerId = ownerId,
            Scopes = [.. request.Scopes],
            AllowedModels = [.. request.AllowedModels],
            ExpiresAt = request.ExpiresAt,
            Environment = request.Environment,
            DataClass = request.DataClass,
            CreatedAt = now,
            CreatedBy = actor.Id,
        };
        var secret = key.Issue(actor.Id, now);
        db.VirtualKeys.Add(key);
        audit.Record(db, actor, "key.created", "key", key.PublicId,
            new { key.ApplicationId, key.Environment, key.DataClass, key.Name, key.OwnerId, key.Scopes, key.AllowedModels, key.ExpiresAt });
        await db.SaveChangesAsync(cancellation);
        return new CreatedKey(key.Id, secret);
    }

    /// <summary>Changes what a key is called, whose it is, what it may be used for and until when; its secrets stay.</summary>
    public async Task<Result> UpdateAsync(Actor actor, Guid keyId, VirtualKeyChange change, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (CredentialRules.CheckName(change.Name) is { } unnamed) return unnamed;
        if (CheckUse(change.Scopes, change.AllowedModels) is { } useless) return useless;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var (key, refusal) = await LoadAsync(db, actor, keyId, cancellation);
        if (refusal is not null) return refusal;
        if (key!.RevokedAt is not null) return Refusal.Conflict("The key was revoked, for good. Create a new one.");
        if (CredentialRules.CheckExpiry(change.ExpiresAt, key.ExpiresAt, now) is { } expired) return expired;
        if (await CredentialRules.CheckOwnerAsync(db, change.OwnerId, key.OwnerId, cancellation) is { } ownerless) return ownerless;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var before = new { key.Name, key.OwnerId, key.Scopes, key.AllowedModels, key.ExpiresAt };
        (key.Name, key.OwnerId, key.ExpiresAt) = (change.Name.Trim(), change.OwnerId, change.ExpiresAt);
        (key.Scopes, key.AllowedModels) = ([.. change.Scopes], [.. change.AllowedModels]);
        audit.Record(db, actor, "key.updated", "key", key.PublicId,
            new { before, after = new { key.Name, key.OwnerId, key.Scopes, key.AllowedModels, key.ExpiresAt } });
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    /// <summary>Makes a new secret for a key, with which everything else stays; the one before works until the overlap is over.</summary>
    public async Task<Result<CreatedKey>> RotateAsync(Actor actor, Guid keyId, TimeSpan overlap, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var (key, refusal) = await LoadAsync(db, actor, keyId, cancellation);
        if (refusal is not null) return refusal;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var rotated = key!.Rotate(actor.Id, overlap, time.GetUtcNow());
        if (!rotated.Succeeded) return rotated.Refusal;
        audit.Record(db, actor, "key.rotated", "key", key.PublicId, new { key.Name, overlap });
        if (await db.TrySaveAsync(cancellation) is { } raced) return raced;
        directory.Forget();
        return new CreatedKey(key.Id, rotated.Value);
    }

    /// <summary>Ends the secret before the current one, which still works after a rotation. To take a risk away needs no further proof.</summary>
    public async Task<Result> EndOverlapAsync(Actor actor, Guid keyId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var (key, refusal) = await LoadAsync(db, actor, keyId, cancellation);
        if (refusal is not null) return refusal;
        if (key!.EndOverlap(time.GetUtcNow()) is not { Count: > 0 } ended) return Result.Ok;

        audit.Record(db, actor, "key.overlap_ended", "key", key.PublicId, new { key.Name, secrets = ended });
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    /// <summary>Ends a key for good; in this process it is refused from the next call on, in others within seconds.</summary>
    public async Task<Result> RevokeAsync(Actor actor, Guid keyId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var key = await db.VirtualKeys.SingleOrDefaultAsync(key => key.Id == keyId, cancellation);
        if (key is null) return Refusal.NotFound("There is no such key.");
        if (await access.CheckAsync(actor, Permissions.KeysWrite, AccessScope.Application(key.ApplicationId), cancellation) is { } refusal) return refusal;
        if (key.RevokedAt is not null) return Result.Ok;

        Revoke(db, actor, key, reason: null);
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    private async Task<IReadOnlyList<VirtualKeyRow>> ReadAsync(Actor actor, Guid? keyId, CancellationToken cancellation)
    {
        var writable = await access.ReachAsync(actor, Permissions.KeysWrite, cancellation);
        var reading = new CredentialReading(time.GetUtcNow(), (await settings.GetAsync(actor.OrganizationId, cancellation)).KeyAgeWarning);
        await using var db = await access.OpenAsync(actor, Permissions.KeysRead, cancellation);
        var rows = await (
            from key in db.VirtualKeys
            join application in db.Applications on key.ApplicationId equals application.Id
            join team in db.Teams on application.TeamId equals team.Id
            join person in db.Users on key.OwnerId equals person.Id into people
            from owner in people.DefaultIfEmpty()
            where keyId == null || key.Id == keyId
            select new
            {
                Key = key,
                Secrets = key.Secrets.ToList(),
                Owner = owner == null ? null : new KeyOwner(owner.Id, owner.DisplayName, owner.Email, owner.DisabledAt),
                ApplicationName = application.Name,
                Team = new { team.Id, team.Name },
                LastUsedAt = db.Calls.Where(call => call.KeyId == key.Id).Max(call => (DateTimeOffset?)call.StartedAt),
            }).AsNoTracking().ToListAsync(cancellation);
        return [.. rows.Select(row => new VirtualKeyRow(row.Key, row.Secrets, row.Owner, reading)
        {
            ApplicationName = row.ApplicationName,
            TeamId = row.Team.Id,
            TeamName = row.Team.Name,
            LastUsedAt = row.LastUsedAt,
            MayChange = writable.Covers(AccessScope.Application(row.Key.ApplicationId)),
        })];
    }

    /// <summary>A key with its secrets, for somebody who may change it.</summary>
    private async Task<(VirtualKey? Key, Refusal? Refusal)> LoadAsync(GovernanceDbContext db, Actor actor, Guid keyId, CancellationToken cancellation)
    {
        var key = await db.VirtualKeys.Include(key => key.Secrets).SingleOrDefaultAsync(key => key.Id == keyId, cancellation);
        if (key is null) return (null, Refusal.NotFound("There is no such key."));
        return (key, await access.CheckAsync(actor, Permissions.KeysWrite, AccessScope.Application(key.ApplicationId), cancellation));
    }

    private static Refusal? CheckUse(IReadOnlyList<string> scopes, IReadOnlyList<string> allowedModels)
    {
        if (scopes.Count == 0 || !scopes.All(ProxyApis.Exists))
            return Refusal.Invalid("Scopes", $"Choose what the key may call, one or more of {string.Join(", ", ProxyApis.All.Select(api => api.Name))}.");
        return AllowedModels.ProblemOf(allowedModels) is { } problem ? Refusal.Invalid("AllowedModels", problem) : null;
    }

    /// <summary>Ends a key in the transaction of a change that was authorised; <see cref="KeyDirectory.Forget"/> comes after its commit.</summary>
    internal void Revoke(GovernanceDbContext db, Actor actor, VirtualKey key, string? reason)
    {
        (key.RevokedAt, key.RevokedBy) = (time.GetUtcNow(), actor.Id);
        audit.Record(db, actor, "key.revoked", "key", key.PublicId, new { key.Name, reason });
    }
}
