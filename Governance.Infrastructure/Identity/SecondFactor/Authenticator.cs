using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.SecondFactor;

/// <summary>A person's authenticator app: the one in use, and one being set up, which replaces it once it has shown a right code.</summary>
public sealed class Authenticator : IOrganizationOwned
{
    public Guid PersonId { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The secret in use, encrypted under the master key for this person; none before the first was confirmed.</summary>
    public byte[]? Secret { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The time step of the last code that was accepted: neither it nor an earlier one is accepted again.</summary>
    public long? LastStep { get; set; }

    /// <summary>The secret of the one being set up, encrypted in the same way.</summary>
    public byte[]? PendingSecret { get; set; }

    /// <summary>Until when it can be confirmed.</summary>
    public DateTimeOffset? PendingUntil { get; set; }

    /// <summary>When the recovery codes in use were made.</summary>
    public DateTimeOffset? RecoveryCodesAt { get; set; }
}

internal sealed class AuthenticatorConfiguration : IEntityTypeConfiguration<Authenticator>
{
    private const int MaxWrappedLength = 64;

    public void Configure(EntityTypeBuilder<Authenticator> builder)
    {
        builder.ToTable("Authenticators");
        builder.HasKey(authenticator => authenticator.PersonId);
        builder.Property(authenticator => authenticator.Secret).HasMaxLength(MaxWrappedLength);
        builder.Property(authenticator => authenticator.PendingSecret).HasMaxLength(MaxWrappedLength);
        builder.HasIndex(authenticator => authenticator.OrganizationId);
        builder.HasOne<Person>().WithOne().HasForeignKey<Authenticator>(authenticator => authenticator.PersonId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Organization>().WithMany().HasForeignKey(authenticator => authenticator.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
