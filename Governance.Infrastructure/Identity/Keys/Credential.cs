using Governance.Domain;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>
/// What virtual keys and service accounts have in common: an owner, scopes, an end, and secrets. A secret can be replaced while all that is
/// known of the credential, its history, costs and limits, stays with it.
/// </summary>
public abstract class Credential : IOrganizationOwned
{
    public const int MaxNameLength = 200;

    /// <summary>For how long a replaced secret may go on working.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(30);

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    /// <summary>The person who answers for it; while they are disabled it does not work. None if the program made it.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>What it may be used for; never empty.</summary>
    public List<string> Scopes { get; set; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    /// <summary>From then on it does not work; none if it has no end.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public Guid? RevokedBy { get; set; }

    /// <summary>Every secret it ever had.</summary>
    public List<KeySecret> Secrets { get; } = [];

    /// <summary>With what its secrets begin.</summary>
    protected abstract string SecretPrefix { get; }

    /// <summary>Makes a secret, which is not kept in clear: what is returned is the only copy.</summary>
    internal string Issue(Guid? by, DateTimeOffset now)
    {
        var secret = SecretKey.Create(SecretPrefix);
        Secrets.Add(new KeySecret
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = OrganizationId,
            Number = Secrets.Select(row => row.Number).DefaultIfEmpty().Max() + 1,
            Hash = SecretKey.Hash(secret),
            Hint = SecretKey.Hint(secret),
            CreatedAt = now,
            CreatedBy = by,
        });
        return secret;
    }

    /// <summary>
    /// Makes a new secret; the one before works until the overlap is over. At most two work at once: where a former one still does, only a
    /// rotation without overlap is possible, which ends both. All secrets must be loaded.
    /// </summary>
    internal Result<string> Rotate(Guid? by, TimeSpan overlap, DateTimeOffset now)
    {
        if (overlap < TimeSpan.Zero || overlap > MaxOverlap)
            return Refusal.Invalid("Overlap", $"The old secret can go on working for 0 to {MaxOverlap.Days} days.");
        if (RevokedAt is not null) return Refusal.Conflict("It was revoked, for good. Create a new one.");
        if (ExpiresAt <= now) return Refusal.Conflict("It has expired. Give it a later end first.");
        if (overlap > TimeSpan.Zero && Secrets.Any(secret => secret.IsReplaced && secret.IsValid(now)))
            return Refusal.Conflict("A rotation is under way: the secret before the current one still works. End that one first, or rotate without overlap, which ends both.");

        foreach (var secret in Secrets.Where(secret => secret.IsValid(now))) secret.ValidUntil = now + overlap;
        return Issue(by, now);
    }

    /// <summary>Ends what is left of the overlap of a rotation. All secrets must be loaded.</summary>
    /// <returns>The hints of the secrets that ended.</returns>
    internal IReadOnlyList<string> EndOverlap(DateTimeOffset now)
    {
        var former = Secrets.Where(secret => secret.IsReplaced && secret.IsValid(now)).ToList();
        foreach (var secret in former) secret.ValidUntil = now;
        return [.. former.Select(secret => secret.Hint)];
    }
}

/// <summary>What the tables of all credentials have in common.</summary>
internal static class CredentialConfiguration
{
    public static void Apply<T>(EntityTypeBuilder<T> builder)
        where T : Credential
    {
        builder.Property(credential => credential.Name).HasMaxLength(Credential.MaxNameLength);
        builder.HasIndex(credential => credential.OrganizationId);
        builder.HasOne<Person>().WithMany().HasForeignKey(credential => credential.OwnerId).OnDelete(DeleteBehavior.Restrict);
    }
}
