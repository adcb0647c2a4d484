using Governance.Domain.Identity.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>
/// A key with which this installation signs access tokens. It is published before it signs, and after it has retired for as long as
/// a token that it signed can live.
/// </summary>
public sealed class SigningKey
{
    /// <summary>1, 2, 3 …: of several processes that make the next key at the same moment, one can.</summary>
    public int Generation { get; init; }

    /// <summary>The name in headers and in the key set: the public key's thumbprint.</summary>
    public required string Kid { get; init; }

    /// <summary>The public key's coordinates, in base64url.</summary>
    public required string X { get; init; }

    /// <inheritdoc cref="X"/>
    public required string Y { get; init; }

    /// <summary>The private key as PKCS#8, wrapped under the master key.</summary>
    public required byte[] WrappedPrivateKey { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From here on it signs.</summary>
    public DateTimeOffset ActivatesAt { get; init; }

    /// <summary>From here on its successor signs; none before there is one, so that a key never ends without.</summary>
    public DateTimeOffset? RetiresAt { get; set; }

    public Es256PublicKey PublicKey => new(X, Y);
}

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.HasKey(key => key.Generation);
        builder.Property(key => key.Generation).ValueGeneratedNever();
        builder.Property(key => key.Kid).HasMaxLength(43);
        builder.Property(key => key.X).HasMaxLength(43);
        builder.Property(key => key.Y).HasMaxLength(43);
        builder.Property(key => key.WrappedPrivateKey).HasMaxLength(512);
        builder.Ignore(key => key.PublicKey);
        builder.HasIndex(key => key.Kid).IsUnique();
    }
}
