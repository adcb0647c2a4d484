using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Organizations;

/// <summary>A program that calls models through the proxy, owned by a team.</summary>
public sealed class Application : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid TeamId { get; init; }

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>For how long answers to its calls are kept and given again; none where they are not.</summary>
    public int? ResponseCacheSeconds { get; set; }
}

internal sealed class ApplicationConfiguration : IEntityTypeConfiguration<Application>
{
    public void Configure(EntityTypeBuilder<Application> builder)
    {
        builder.Property(application => application.Name).HasMaxLength(200);
        builder.HasIndex(application => new { application.OrganizationId, application.Name }).IsUnique();
        builder.HasOne<Team>().WithMany().HasForeignKey(application => application.TeamId).OnDelete(DeleteBehavior.Restrict);
    }
}
