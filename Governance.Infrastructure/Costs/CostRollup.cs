using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Costs;

/// <summary>
/// Σ of the ledger entries of one period and one combination of dimensions. It is added to in the transaction that books the entries,
/// so it is exact at any moment; pages read it instead of the entries (docs/adr/0019-rollups.md).
/// </summary>
public sealed class CostRollup : IOrganizationOwned
{
    public Guid OrganizationId { get; init; }

    public RollupGrain Grain { get; init; }

    /// <summary>The first day of the period, in the reporting zone.</summary>
    public DateOnly Day { get; init; }

    /// <summary>The hour of the day; 0 for whole days and months.</summary>
    public int Hour { get; init; }

    /// <summary>The <see cref="RollupDimensions"/>.</summary>
    public Guid DimensionsId { get; init; }

    public long CostNanoUsd { get; init; }

    public long Requests { get; init; }

    public long Errors { get; init; }

    public long PromptTokens { get; init; }

    public long CachedTokens { get; init; }

    public long OutputTokens { get; init; }

    public long Estimated { get; init; }

    public long Unpriced { get; init; }

    public long Sandbox { get; init; }

    public long CacheHits { get; init; }

    public long SavedNanoUsd { get; init; }
}

/// <summary>How long a rollup's period is, and which dimensions it keeps apart.</summary>
public enum RollupGrain
{
    /// <summary>An hour, by team, provider and model.</summary>
    Hour,

    /// <summary>A day, by the same.</summary>
    Day,

    /// <summary>A month, by the same.</summary>
    Month,

    /// <summary>A day, by every dimension.</summary>
    DayDetail,

    /// <summary>A month, by every dimension.</summary>
    MonthDetail,
}

/// <summary>A combination of dimensions that rollups are made for; those it does not keep apart are empty. Its id is a hash of the rest.</summary>
public sealed record RollupDimensions : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid? TeamId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? KeyId { get; init; }

    public Guid? SubjectId { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }
}

internal sealed class CostRollupConfiguration : IEntityTypeConfiguration<CostRollup>
{
    public void Configure(EntityTypeBuilder<CostRollup> builder) =>
        builder.HasKey(rollup => new { rollup.OrganizationId, rollup.Grain, rollup.Day, rollup.Hour, rollup.DimensionsId });
}

internal sealed class RollupDimensionsConfiguration : IEntityTypeConfiguration<RollupDimensions>
{
    public void Configure(EntityTypeBuilder<RollupDimensions> builder)
    {
        builder.ToTable("RollupDimensions");
        builder.Property(dimensions => dimensions.Provider).HasMaxLength(64);
        builder.Property(dimensions => dimensions.Model).HasMaxLength(200);
        builder.HasIndex(dimensions => dimensions.OrganizationId);
    }
}
