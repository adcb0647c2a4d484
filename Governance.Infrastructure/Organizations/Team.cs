using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Organizations;

/// <summary>A team, to which applications and their spend belong.</summary>
public sealed class Team : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    /// <summary>The team above it; none at the top.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>Once set, nothing new belongs to it; what it spent stays its own.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class TeamConfiguration : IEntityTypeConfiguration<Team>
{
    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.Property(team => team.Name).HasMaxLength(200);
        builder.HasIndex(team => new { team.OrganizationId, team.Name }).IsUnique();
        builder.HasOne<Team>().WithMany().HasForeignKey(team => team.ParentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Organization>().WithMany().HasForeignKey(team => team.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
