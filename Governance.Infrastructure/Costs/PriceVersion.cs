using Governance.Domain.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Costs;

/// <summary>A row of the price book: see <see cref="Price"/>, into which it reads.</summary>
public sealed class PriceVersion : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Provider { get; init; }

    public required string Model { get; init; }

    public DateTimeOffset EffectiveFrom { get; init; }

    /// <summary>Set when a later version takes over; the moment never lies before now, so history is not repriced.</summary>
    public DateTimeOffset? EffectiveTo { get; set; }

    public long InputNano { get; init; }

    public long OutputNano { get; init; }

    public long? CachedInputNano { get; init; }

    public long? CacheWriteNano { get; init; }

    public long? CacheWrite1hNano { get; init; }

    /// <summary>Rates of media, also for long prompts; none where they cost what text does.</summary>
    public long? AudioInputNano { get; init; }

    public long? AudioOutputNano { get; init; }

    public long? ImageInputNano { get; init; }

    public long? ImageOutputNano { get; init; }

    public long? LongPromptAbove { get; init; }

    public long? LongInputNano { get; init; }

    public long? LongOutputNano { get; init; }

    public long? LongCachedInputNano { get; init; }

    public long? LongCacheWriteNano { get; init; }

    public long? LongCacheWrite1hNano { get; init; }

    /// <summary>Multipliers on the whole request, in thousandths.</summary>
    public int BatchPermille { get; init; } = 1000;

    public int FlexPermille { get; init; } = 1000;

    public int PriorityPermille { get; init; } = 1000;

    public int RegionalPermille { get; init; } = 1000;

    /// <summary>Nano-dollars a piece, whatever the tier and region; none where it is not charged.</summary>
    public long? RequestNano { get; init; }

    public long? ImageNano { get; init; }

    public long? AudioSecondNano { get; init; }

    public long? SearchNano { get; init; }

    public long? ToolCallNano { get; init; }

    public long? ContextWindow { get; init; }

    /// <summary>Where the price was read.</summary>
    public required string Source { get; init; }

    public string? Notes { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    /// <summary>When a scheduled price was cancelled before it took effect.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    public Guid? CancelledBy { get; set; }

    public Price ToPrice() => new(
        Id,
        Provider,
        Model,
        EffectiveFrom,
        EffectiveTo,
        new TokenRates(
            InputNano, OutputNano, CachedInputNano, CacheWriteNano, CacheWrite1hNano, AudioInputNano, AudioOutputNano, ImageInputNano, ImageOutputNano),
        LongPromptAbove,
        LongPromptAbove is null
            ? null
            : new TokenRates(
                LongInputNano ?? InputNano, LongOutputNano ?? OutputNano, LongCachedInputNano, LongCacheWriteNano, LongCacheWrite1hNano,
                AudioInputNano, AudioOutputNano, ImageInputNano, ImageOutputNano),
        new PriceMultipliers(BatchPermille, FlexPermille, PriorityPermille, RegionalPermille),
        Source)
    {
        Units = new UnitRates(RequestNano, ImageNano, AudioSecondNano, SearchNano, ToolCallNano),
        ContextWindow = ContextWindow,
    };
}

internal sealed class PriceVersionConfiguration : IEntityTypeConfiguration<PriceVersion>
{
    public void Configure(EntityTypeBuilder<PriceVersion> builder)
    {
        builder.ToTable("Prices");
        builder.Property(price => price.Provider).HasMaxLength(64);
        builder.Property(price => price.Model).HasMaxLength(200);
        builder.Property(price => price.Source).HasMaxLength(500);
        builder.Property(price => price.Notes).HasMaxLength(1000);
        builder.HasIndex(price => new { price.OrganizationId, price.Provider, price.Model, price.EffectiveFrom })
            .IsUnique().HasFilter("\"CancelledAt\" IS NULL");
        builder.HasOne<Organization>().WithMany().HasForeignKey(price => price.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
