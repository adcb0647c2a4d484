using Governance.Domain.Identity;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>A virtual key or a service account as lists and pages show it, as of the moment it was read.</summary>
public abstract record CredentialRow
{
    private protected CredentialRow(Credential credential, IEnumerable<KeySecret> secrets, KeyOwner? owner, CredentialReading reading)
    {
        (Id, Name, Owner, Scopes) = (credential.Id, credential.Name, owner, credential.Scopes);
        (CreatedAt, ExpiresAt, RevokedAt) = (credential.CreatedAt, credential.ExpiresAt, credential.RevokedAt);
        Secrets = [.. secrets.OrderByDescending(secret => secret.Number).Select(secret => new SecretRow(secret.Hint, secret.CreatedAt, secret.ValidUntil))];
        Health = KeyHealth.Of(reading.Now, RevokedAt is not null, owner?.DisabledAt is not null, ExpiresAt, Current.CreatedAt, reading.AgeWarning);
        Former = Health.State == KeyState.Revoked ? null : Secrets.FirstOrDefault(secret => secret.ValidUntil > reading.Now);
    }

    public Guid Id { get; }

    public string Name { get; }

    /// <summary>The person who answers for it; none if it belongs to nobody.</summary>
    public KeyOwner? Owner { get; }

    public IReadOnlyList<string> Scopes { get; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset? ExpiresAt { get; }

    public DateTimeOffset? RevokedAt { get; }

    /// <summary>Every secret it ever had, the current one first.</summary>
    public IReadOnlyList<SecretRow> Secrets { get; }

    public SecretRow Current => Secrets[0];

    /// <summary>The secret before the current one, while it still works.</summary>
    public SecretRow? Former { get; }

    /// <summary>By which a person recognises the current secret.</summary>
    public string Hint => Current.Hint;

    public KeyHealth Health { get; }

    /// <summary>Whether whoever read it may change, rotate and revoke it.</summary>
    public bool MayChange { get; init; }
}

/// <summary>A secret as pages show it.</summary>
/// <param name="Hint">By which a person recognises it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ValidUntil">Until when it works after it was replaced; none for the current one.</param>
public sealed record SecretRow(string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ValidUntil);

/// <summary>A person to whom a key belongs, or could.</summary>
public sealed record KeyOwner(Guid Id, string Name, string? Email, DateTimeOffset? DisabledAt);

/// <summary>What the health of a credential depends on beside itself.</summary>
/// <param name="Now">When it is read.</param>
/// <param name="AgeWarning">How old a secret may become without a warning.</param>
internal sealed record CredentialReading(DateTimeOffset Now, TimeSpan AgeWarning);
