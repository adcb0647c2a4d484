using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>One of the codes with which somebody signs in who has lost their second factor. Each works once.</summary>
public sealed class RecoveryCode : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>A keyed hash of the code and the person; the code itself is not kept.</summary>
    public required byte[] Hash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.ToTable("RecoveryCodes");
        builder.Property(code => code.Hash).HasMaxLength(32);
        builder.HasIndex(code => new { code.PersonId, code.Hash }).IsUnique();
        builder.HasIndex(code => code.OrganizationId);
        builder.HasOne<Person>().WithMany().HasForeignKey(code => code.PersonId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Organization>().WithMany().HasForeignKey(code => code.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
