using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.SavedFilters;

/// <summary>What a person keeps of a page's URL, under a name. It is theirs alone, and erased with them.</summary>
public sealed class SavedFilter : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>Of which page: a name of <see cref="SavedFilterService.Areas"/>.</summary>
    public required string Area { get; init; }

    public required string Name { get; set; }

    /// <summary>The URL's query, without the question mark.</summary>
    public required string Query { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class SavedFilterConfiguration : IEntityTypeConfiguration<SavedFilter>
{
    public void Configure(EntityTypeBuilder<SavedFilter> builder)
    {
        builder.ToTable("SavedFilters");
        builder.Property(filter => filter.Area).HasMaxLength(32);
        builder.Property(filter => filter.Name).HasMaxLength(SavedFilterService.MaxName);
        builder.Property(filter => filter.Query).HasMaxLength(SavedFilterService.MaxQuery);
        builder.HasIndex(filter => new { filter.PersonId, filter.Area, filter.Name }).IsUnique();
        builder.HasIndex(filter => filter.OrganizationId);
        builder.HasOne<Person>().WithMany().HasForeignKey(filter => filter.PersonId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Organization>().WithMany().HasForeignKey(filter => filter.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
