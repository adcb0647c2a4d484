using Governance.Domain.Privacy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Privacy;

/// <summary>A rule by which prompts and completions are kept. Without one nothing is.</summary>
public sealed class CaptureRule : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>None for every application.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>None for every class of data.</summary>
    public string? DataClass { get; init; }

    public CapturedSides Sides { get; set; }

    public int RetentionDays { get; set; }

    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public CaptureChoice ToChoice() => new(ApplicationId, DataClass, Sides, RetentionDays, Enabled);
}

internal sealed class CaptureRuleConfiguration : IEntityTypeConfiguration<CaptureRule>
{
    public void Configure(EntityTypeBuilder<CaptureRule> builder)
    {
        builder.ToTable("CaptureRules");
        builder.Property(rule => rule.DataClass).HasMaxLength(64);
        builder.HasIndex(rule => new { rule.OrganizationId, rule.ApplicationId, rule.DataClass });
        builder.HasOne<Organization>().WithMany().HasForeignKey(rule => rule.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Application>().WithMany().HasForeignKey(rule => rule.ApplicationId).OnDelete(DeleteBehavior.Restrict);
    }
}
