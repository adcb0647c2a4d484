using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>A token that is good for one refresh. Used ones are kept as long as their family, so that a second use is noticed.</summary>
public sealed class RefreshToken : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid FamilyId { get; init; }

    /// <summary>SHA-256 of the token, which itself is not kept.</summary>
    public required byte[] Hash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until then it has to be used.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.Property(token => token.Hash).HasMaxLength(32);
        builder.HasIndex(token => token.Hash).IsUnique();
        builder.HasIndex(token => token.FamilyId);
        builder.HasOne<RefreshTokenFamily>().WithMany().HasForeignKey(token => token.FamilyId).OnDelete(DeleteBehavior.Cascade);
    }
}
