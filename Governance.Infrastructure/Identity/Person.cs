using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity;

/// <summary>Someone who signs in. A person belongs to one organisation; mail addresses are unique in the installation.</summary>
public sealed class Person : IdentityUser<Guid>, IOrganizationOwned
{
    public Guid OrganizationId { get; init; }

    public required string DisplayName { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when they may do nothing, not even sign in; what they did stays theirs.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public Guid? DisabledBy { get; set; }

    /// <summary>When they asked for the deletion of their account; none if they did not, or took it back.</summary>
    public DateTimeOffset? DeletionRequestedAt { get; set; }
}

internal sealed class PersonConfiguration : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("People");
        builder.Property(person => person.DisplayName).HasMaxLength(200);
        builder.HasIndex(person => person.OrganizationId);

        // The framework's own index on it is not unique, and its check before saving does not see a simultaneous one.
        builder.HasIndex(person => person.NormalizedEmail).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(person => person.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
