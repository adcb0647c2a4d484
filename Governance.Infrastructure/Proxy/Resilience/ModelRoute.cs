using System.Text.Json;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>Where an organisation's calls for a model go, and where else when that fails.</summary>
public sealed class ModelRoute : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The id of the kind of provider under whose base it is called; its targets speak the same format.</summary>
    public required string Kind { get; init; }

    /// <summary>The model that callers ask for: a name, which may be of their own making, or a prefix that ends in a star.</summary>
    public required string Model { get; set; }

    public IReadOnlyList<RouteTarget> Targets { get; set; } = [];

    /// <summary>Whether calls follow it.</summary>
    public bool Enabled { get; set; } = true;

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    public string PublicId => Domain.PublicId.Format(Domain.PublicId.Route, Id);
}

internal sealed class ModelRouteConfiguration : IEntityTypeConfiguration<ModelRoute>
{
    public void Configure(EntityTypeBuilder<ModelRoute> builder)
    {
        builder.ToTable("ModelRoutes");
        builder.Property(route => route.Kind).HasMaxLength(64);
        builder.Property(route => route.Model).HasMaxLength(200);
        builder.Property(route => route.Targets).HasConversion(
            targets => JsonSerializer.Serialize(targets, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<List<RouteTarget>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyList<RouteTarget>>((left, right) => ReferenceEquals(left, right), targets => targets.Count, targets => targets));
        builder.Ignore(route => route.PublicId);
        builder.HasIndex(route => new { route.OrganizationId, route.Kind, route.Model }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(route => route.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
