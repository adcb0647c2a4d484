using System.Linq.Expressions;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Keys;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity;

/// <summary>What the proxy knows of whoever presented a key.</summary>
public sealed record KeyHolder(
    Guid KeyId, Guid OrganizationId, Guid TeamId, Guid ApplicationId, string Environment, string DataClass, bool Revoked, ReportingZone Zone)
{
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Until when the presented secret works; none if it is the key's current one.</summary>
    public DateTimeOffset? SecretValidUntil { get; init; }

    public bool OwnerDisabled { get; init; }

    /// <summary>The person who answers for the key.</summary>
    public Guid? OwnerId { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> AllowedModels { get; init; } = [];

    /// <summary>For how long answers to its application are kept; none where they are not.</summary>
    public TimeSpan? CacheFor { get; init; }

    /// <summary>Why the key does not open an interface of the proxy at a moment; none if it does.</summary>
    public ProxyError? Check(string api, DateTimeOffset at)
    {
        if (Revoked) return ProxyErrors.RevokedKey;
        if (SecretValidUntil is { } until && until <= at) return ProxyErrors.ReplacedSecret(until);
        if (ExpiresAt is { } end && end <= at) return ProxyErrors.ExpiredKey(end);
        if (OwnerDisabled) return ProxyErrors.KeyOwnerDisabled;
        return Scopes.Contains(api) ? null : ProxyErrors.ScopeNotAllowed(api);
    }

    /// <summary>Why the key may not call a model; none if it may.</summary>
    public ProxyError? CheckModel(string model) =>
        Domain.Identity.AllowedModels.Permit(AllowedModels, model) ? null : ProxyErrors.ModelNotAllowed(model, AllowedModels);
}

/// <summary>Looks keys up by the hash of a secret, or by the id of a pair that signs, and keeps them for a moment.</summary>
public sealed class KeyDirectory(GovernanceDatabase database, TimeProvider time)
{
    /// <summary>A key revoked, or a person disabled, in another process still works here for at most this long.</summary>
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private readonly FreshCache<string, KeyHolder?> _holders = new(time, Freshness) { Capacity = 100_000 };
    private readonly FreshCache<string, RequestSigner?> _signers = new(time, Freshness) { Capacity = 100_000 };

    /// <summary>The holder of a key; none if no such key exists. Unknown keys are not cached, so they cannot fill the memory.</summary>
    public ValueTask<KeyHolder?> FindAsync(string key, CancellationToken cancellation) => _holders.GetAsync(Convert.ToHexString(SecretKey.Hash(key)), ReadAsync, cancellation);

    /// <summary>Whoever signs under an id; none if nobody does.</summary>
    internal ValueTask<RequestSigner?> FindSignerAsync(string accessKeyId, CancellationToken cancellation) => _signers.GetAsync(accessKeyId, ReadSignerAsync, cancellation);

    /// <summary>To be called after a change of keys, or of whether a person is disabled, was committed: every key is read anew.</summary>
    internal void Forget()
    {
        _holders.Forget();
        _signers.Forget();
    }

    private async Task<KeyHolder?> ReadAsync(string hash)
    {
        var bytes = Convert.FromHexString(hash);
        await using var db = database.AcrossOrganizations();
        return await ReadAsync(db, secret => secret.Hash == bytes);
    }

    private async Task<RequestSigner?> ReadSignerAsync(string accessKeyId)
    {
        await using var db = database.AcrossOrganizations();
        var pair = await db.RequestSigningKeys.AsNoTracking().SingleOrDefaultAsync(pair => pair.AccessKeyId == accessKeyId);
        return pair is not null && await ReadAsync(db, secret => secret.Id == pair.SecretId) is { } holder
            ? new RequestSigner(holder with { Revoked = holder.Revoked || pair.RevokedAt is not null }, pair.AccessKeyId, pair.WrappedSecret)
            : null;
    }

    private static async Task<KeyHolder?> ReadAsync(GovernanceDbContext db, Expression<Func<KeySecret, bool>> which)
    {
        var row = await (
            from secret in db.KeySecrets.Where(which)
            join virtualKey in db.VirtualKeys on secret.KeyId equals virtualKey.Id
            join application in db.Applications on virtualKey.ApplicationId equals application.Id
            join organization in db.Organizations on virtualKey.OrganizationId equals organization.Id
            join person in db.Users on virtualKey.OwnerId equals person.Id into people
            from owner in people.DefaultIfEmpty()
            select new { Key = virtualKey, secret.ValidUntil, application.TeamId, application.ResponseCacheSeconds, organization.TimeZone, OwnerDisabledAt = owner == null ? null : owner.DisabledAt })
            .AsNoTracking().SingleOrDefaultAsync();
        return row is null ? null : new KeyHolder(
            row.Key.Id, row.Key.OrganizationId, row.TeamId, row.Key.ApplicationId, row.Key.Environment, row.Key.DataClass,
            row.Key.RevokedAt is not null, ReportingZone.Parse(row.TimeZone))
        {
            ExpiresAt = row.Key.ExpiresAt,
            SecretValidUntil = row.ValidUntil,
            OwnerDisabled = row.OwnerDisabledAt is not null,
            OwnerId = row.Key.OwnerId,
            Scopes = row.Key.Scopes,
            AllowedModels = row.Key.AllowedModels,
            CacheFor = row.ResponseCacheSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}
