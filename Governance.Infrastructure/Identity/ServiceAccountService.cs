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

/// <summary>What a new service account is for.</summary>
/// <param name="Name">What tells it apart.</param>
public sealed record NewServiceAccount(string Name)
{
    /// <summary>What a report needs, and no change.</summary>
    public static IReadOnlyList<string> DefaultScopes { get; } = [Permissions.CostsRead, Permissions.RequestsRead, Permissions.PricesRead];

    /// <summary>The person it belongs to; whoever makes it if not said.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>What it may do, out of <see cref="Permissions.All"/>, none of it beyond what whoever makes it may do themselves.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = DefaultScopes;

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>All that can be changed of a service account, as it is to be.</summary>
public sealed record ServiceAccountChange(string Name, Guid? OwnerId, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);

/// <summary>Creates, changes, rotates, lists and revokes the accounts with which machines use the API, and recognises their keys.</summary>
public sealed class ServiceAccountService(
    GovernanceDatabase database, AccessControl access, SessionService sessions, SettingsDirectory settings, AuditTrail audit, TimeProvider time)
{
    /// <summary>Accounts in use first, then by name.</summary>
    public async Task<IReadOnlyList<ServiceAccountRow>> ListAsync(Actor actor, CancellationToken cancellation) =>
        [.. (await ReadAsync(actor, null, cancellation)).OrderBy(row => row.RevokedAt is not null).ThenBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Id)];

    /// <summary>One account; none if there is no such account, or the actor may not see it.</summary>
    public async Task<ServiceAccountRow?> FindAsync(Actor actor, Guid accountId, CancellationToken cancellation) =>
        (await ReadAsync(actor, accountId, cancellation)).SingleOrDefault();

    public async Task<Result<CreatedKey>> CreateAsync(Actor actor, NewServiceAccount request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ServiceAccountsWrite, cancellation) is { } refusal) return refusal;
        var now = time.GetUtcNow();
        if (CredentialRules.CheckName(request.Name) is { } unnamed) return unnamed;
        if (await CheckScopesAsync(actor, request.Scopes, [], cancellation) is { } tooMuch) return tooMuch;
        if (CredentialRules.CheckExpiry(request.ExpiresAt, null, now) is { } expired) return expired;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var ownerId = CredentialRules.OwnerOf(request.OwnerId, actor);
        if (await CredentialRules.CheckOwnerAsync(db, ownerId, null, cancellation) is { } ownerless) return ownerless;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var account = new ServiceAccount
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            Name = request.Name.Trim(),
            OwnerId = ownerId,
            Scopes = [.. request.Scopes],
            ExpiresAt = request.ExpiresAt,
            CreatedAt = now,
            CreatedBy = actor.Id,
        };
        var secret = account.Issue(actor.Id, now);
        db.ServiceAccounts.Add(account);
        audit.Record(db, actor, "service_account.created", "service_account", account.PublicId,
            new { account.Name, account.OwnerId, account.Scopes, account.ExpiresAt });
        await db.SaveChangesAsync(cancellation);
        return new CreatedKey(account.Id, secret);
    }

    /// <summary>Changes what an account is called, whose it is, what it may do and until when; its secrets stay.</summary>
    public async Task<Result> UpdateAsync(Actor actor, Guid accountId, ServiceAccountChange change, CancellationToken cancellation)
    {
        if (CredentialRules.CheckName(change.Name) is { } unnamed) return unnamed;
        await using var db = database.ForOrganization(actor.OrganizationId);
        var (account, refusal) = await LoadAsync(db, actor, accountId, cancellation);
        if (refusal is not null) return refusal;
        if (account!.RevokedAt is not null) return Refusal.Conflict("The service account was revoked, for good. Create a new one.");
        if (await CheckScopesAsync(actor, change.Scopes, account.Scopes, cancellation) is { } tooMuch) return tooMuch;
        if (CredentialRules.CheckExpiry(change.ExpiresAt, account.ExpiresAt, time.GetUtcNow()) is { } expired) return expired;
        if (await CredentialRules.CheckOwnerAsync(db, change.OwnerId, account.OwnerId, cancellation) is { } ownerless) return ownerless;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var before = new { account.Name, account.OwnerId, account.Scopes, account.ExpiresAt };
        (account.Name, account.OwnerId, account.Scopes, account.ExpiresAt) = (change.Name.Trim(), change.OwnerId, [.. change.Scopes], change.ExpiresAt);
        audit.Record(db, actor, "service_account.updated", "service_account", account.PublicId,
            new { before, after = new { account.Name, account.OwnerId, account.Scopes, account.ExpiresAt } });
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Makes a new secret for an account; the one before works until the overlap is over.</summary>
    public async Task<Result<CreatedKey>> RotateAsync(Actor actor, Guid accountId, TimeSpan overlap, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var (account, refusal) = await LoadAsync(db, actor, accountId, cancellation);
        if (refusal is not null) return refusal;

        // The new secret opens to its reader whatever the account may do.
        if (await CheckScopesAsync(actor, account!.Scopes, [], cancellation) is { } tooMuch) return tooMuch;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;

        var rotated = account.Rotate(actor.Id, overlap, time.GetUtcNow());
        if (!rotated.Succeeded) return rotated.Refusal;
        audit.Record(db, actor, "service_account.rotated", "service_account", account.PublicId, new { account.Name, overlap });
        if (await db.TrySaveAsync(cancellation) is { } raced) return raced;
        return new CreatedKey(account.Id, rotated.Value);
    }

    /// <summary>Ends the secret before the current one, which still works after a rotation. To take a risk away needs no further proof.</summary>
    public async Task<Result> EndOverlapAsync(Actor actor, Guid accountId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var (account, refusal) = await LoadAsync(db, actor, accountId, cancellation);
        if (refusal is not null) return refusal;
        if (account!.EndOverlap(time.GetUtcNow()) is not { Count: > 0 } ended) return Result.Ok;

        audit.Record(db, actor, "service_account.overlap_ended", "service_account", account.PublicId, new { account.Name, secrets = ended });
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    public async Task<Result> RevokeAsync(Actor actor, Guid accountId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ServiceAccountsWrite, cancellation) is { } refusal) return refusal;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var account = await db.ServiceAccounts.SingleOrDefaultAsync(account => account.Id == accountId, cancellation);
        if (account is null) return Refusal.NotFound("There is no such service account.");
        if (account.RevokedAt is not null) return Result.Ok;

        Revoke(db, actor, account, reason: null);
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Ends an account in the transaction of a change that was authorised.</summary>
    internal void Revoke(GovernanceDbContext db, Actor actor, ServiceAccount account, string? reason)
    {
        (account.RevokedAt, account.RevokedBy) = (time.GetUtcNow(), actor.Id);
        audit.Record(db, actor, "service_account.revoked", "service_account", account.PublicId, new { account.Name, reason });
    }

    /// <summary>Who presents a key, limited to its scopes; none if it is unknown, revoked, expired or replaced, or its owner is disabled.</summary>
    public async Task<Actor?> AuthenticateAsync(string key, CancellationToken cancellation)
    {
        if (!SecretKey.HasShape(SecretKey.ServiceAccountPrefix, key)) return null;

        var (hash, now) = (SecretKey.Hash(key), time.GetUtcNow());
        await using var db = database.AcrossOrganizations();
        var account = await (
            from secret in db.KeySecrets
            join row in db.ServiceAccounts on secret.ServiceAccountId equals row.Id
            join person in db.Users on row.OwnerId equals person.Id into people
            from owner in people.DefaultIfEmpty()
            where secret.Hash == hash && (secret.ValidUntil == null || secret.ValidUntil > now)
                && row.RevokedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now)
                && (owner == null || owner.DisabledAt == null)
            select row).AsNoTracking().SingleOrDefaultAsync(cancellation);
        return account is null ? null : new Actor(ActorKind.ServiceAccount, account.Id, account.OrganizationId, account.Scopes);
    }

    private async Task<IReadOnlyList<ServiceAccountRow>> ReadAsync(Actor actor, Guid? accountId, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.ServiceAccountsRead, cancellation)) return [];
        var mayChange = await access.MayAsync(actor, Permissions.ServiceAccountsWrite, cancellation);
        var reading = new CredentialReading(time.GetUtcNow(), (await settings.GetAsync(actor.OrganizationId, cancellation)).KeyAgeWarning);
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await (
            from account in db.ServiceAccounts
            join person in db.Users on account.OwnerId equals person.Id into people
            from owner in people.DefaultIfEmpty()
            where accountId == null || account.Id == accountId
            select new
            {
                Account = account,
                Secrets = account.Secrets.ToList(),
                Owner = owner == null ? null : new KeyOwner(owner.Id, owner.DisplayName, owner.Email, owner.DisabledAt),
            }).AsNoTracking().ToListAsync(cancellation);
        return [.. rows.Select(row => new ServiceAccountRow(row.Account, row.Secrets, row.Owner, reading) { MayChange = mayChange })];
    }

    /// <summary>An account with its secrets, for somebody who may change it.</summary>
    private async Task<(ServiceAccount? Account, Refusal? Refusal)> LoadAsync(
        GovernanceDbContext db, Actor actor, Guid accountId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ServiceAccountsWrite, cancellation) is { } refusal) return (null, refusal);
        var account = await db.ServiceAccounts.Include(account => account.Secrets).SingleOrDefaultAsync(account => account.Id == accountId, cancellation);
        return account is null ? (null, Refusal.NotFound("There is no such service account.")) : (account, null);
    }

    /// <summary>Nobody can give away what they do not hold themselves, for the whole organisation.</summary>
    private async Task<Refusal?> CheckScopesAsync(Actor actor, IReadOnlyList<string> scopes, IReadOnlyList<string> before, CancellationToken cancellation)
    {
        if (scopes.Count == 0) return Refusal.Invalid("Scopes", "Choose at least one permission.");
        foreach (var scope in scopes.Except(before, StringComparer.Ordinal))
        {
            if (!Permissions.Exists(scope)) return Refusal.Invalid("Scopes", $"There is no permission '{scope}'.");
            if (await access.CheckAsync(actor, scope, cancellation) is not null)
                return Refusal.Forbidden($"This needs {scope} for the whole organisation, which you do not hold yourself. Ask somebody who does.");
        }

        return null;
    }
}
