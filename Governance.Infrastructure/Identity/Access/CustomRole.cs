using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>A role that an organisation defined for itself. Its name is stable; it never equals a built-in one.</summary>
public sealed class CustomRole : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Name { get; init; }

    public required string DisplayName { get; set; }

    public string Description { get; set; } = "";

    public List<string> Permissions { get; set; } = [];

    /// <summary>The names of the roles it inherits from.</summary>
    public List<string> Inherits { get; set; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Once set it can no longer be granted, and allows nothing.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    public RoleDefinition ToDefinition() => new(Name, DisplayName, Description, Permissions, Inherits);
}

internal sealed class CustomRoleConfiguration : IEntityTypeConfiguration<CustomRole>
{
    public void Configure(EntityTypeBuilder<CustomRole> builder)
    {
        builder.Property(role => role.Name).HasMaxLength(64);
        builder.Property(role => role.DisplayName).HasMaxLength(100);
        builder.Property(role => role.Description).HasMaxLength(500);
        builder.HasIndex(role => new { role.OrganizationId, role.Name }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(role => role.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal static class CustomRoleQueries
{
    /// <summary>The roles that can be held: the built-in ones and those of the organisation that are not archived.</summary>
    public static async Task<RoleCatalog> RoleCatalogAsync(this GovernanceDbContext db, CancellationToken cancellation)
    {
        var custom = await db.CustomRoles.AsNoTracking().Where(role => role.ArchivedAt == null).ToListAsync(cancellation);
        return new RoleCatalog(custom.Select(role => role.ToDefinition()));
    }
}
