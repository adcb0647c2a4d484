using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Keys;

/// <summary>A secret of a virtual key or of a service account. It exists in clear only in the hands of whoever uses it.</summary>
public sealed class KeySecret : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The virtual key it belongs to, if it is one's.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>The service account it belongs to, if it is one's.</summary>
    public Guid? ServiceAccountId { get; init; }

    /// <summary>Counts the secrets of one holder from 1 on. Of two rotations at once only one can take the next number.</summary>
    public int Number { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The secret's first and last characters, by which a person recognises it.</summary>
    public required string Hint { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    /// <summary>Until when it works after it was replaced; none for the current one.</summary>
    public DateTimeOffset? ValidUntil { get; set; }

    /// <summary>Whether there is a newer one.</summary>
    public bool IsReplaced => ValidUntil is not null;

    public bool IsValid(DateTimeOffset at) => ValidUntil is null || ValidUntil > at;
}

internal sealed class KeySecretConfiguration : IEntityTypeConfiguration<KeySecret>
{
    public void Configure(EntityTypeBuilder<KeySecret> builder)
    {
        // A new row that is found through its holder is to be added, although its id is set already.
        builder.Property(secret => secret.Id).ValueGeneratedNever();
        builder.Property(secret => secret.Hash).HasMaxLength(32);
        builder.Property(secret => secret.Hint).HasMaxLength(16);
        builder.HasIndex(secret => secret.Hash).IsUnique();
        builder.HasIndex(secret => secret.OrganizationId);
        builder.HasIndex(secret => new { secret.KeyId, secret.Number }).IsUnique();
        builder.HasIndex(secret => new { secret.ServiceAccountId, secret.Number }).IsUnique();
    }
}
