using Governance.Domain.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Costs.Recurring;

/// <summary>What is paid for, whether or not it is called.</summary>
public enum ChargeKind
{
    ProvisionedThroughput,
    Commitment,
    Seats,
    Other,
}

/// <summary>A recurring charge as it was entered: see <see cref="RecurringCharge"/>, into which it reads. It is never edited, only ended.</summary>
public sealed class ChargeContract : IOrganizationOwned
{
    public const string Dollars = "USD";

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Provider { get; init; }

    public ChargeKind Kind { get; init; }

    public required string Description { get; init; }

    /// <summary>What a period costs.</summary>
    public long AmountNanoUsd { get; init; }

    /// <summary>The currency it was agreed in; US dollars, as all amounts.</summary>
    public required string Currency { get; init; }

    public ChargePeriod Period { get; init; }

    /// <summary>The team that bears it; none for the organisation as a whole.</summary>
    public Guid? TeamId { get; init; }

    public DateOnly FirstDay { get; init; }

    /// <summary>The last day that was agreed; none if it is open.</summary>
    public DateOnly? LastDay { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid? CreatedBy { get; init; }

    /// <summary>The last day it really held, once it was ended before its time.</summary>
    public DateOnly? EndedAfter { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public Guid? EndedBy { get; set; }

    public RecurringCharge ToCharge() => new(new Money(AmountNanoUsd), Period, FirstDay, LastDay, EndedAfter);
}

internal sealed class ChargeContractConfiguration : IEntityTypeConfiguration<ChargeContract>
{
    public void Configure(EntityTypeBuilder<ChargeContract> builder)
    {
        builder.ToTable("RecurringCharges");
        builder.Property(charge => charge.Provider).HasMaxLength(64);
        builder.Property(charge => charge.Description).HasMaxLength(500);
        builder.Property(charge => charge.Currency).HasMaxLength(3);
        builder.HasIndex(charge => new { charge.OrganizationId, charge.FirstDay });
        builder.HasOne<Organization>().WithMany().HasForeignKey(charge => charge.OrganizationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Team>().WithMany().HasForeignKey(charge => charge.TeamId).OnDelete(DeleteBehavior.Restrict);
    }
}
