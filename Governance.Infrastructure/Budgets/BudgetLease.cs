using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Budgets;

/// <summary>
/// A slice of a budget that one process has set aside for its calls. It is part of what the budget counts as held. A slice whose process
/// died is in suspense: how much of it was spent is not known, so it stays held until somebody releases it.
/// </summary>
public sealed class BudgetLease : IOrganizationOwned
{
    /// <summary>Whose it is.</summary>
    public Guid InstanceId { get; init; }

    public Guid BudgetId { get; init; }

    /// <summary>Of which <see cref="BudgetPeriod"/>.</summary>
    public DateOnly Start { get; init; }

    public Guid OrganizationId { get; init; }

    public long AmountNanoUsd { get; init; }
}

internal sealed class BudgetLeaseConfiguration : IEntityTypeConfiguration<BudgetLease>
{
    public void Configure(EntityTypeBuilder<BudgetLease> builder)
    {
        builder.HasKey(lease => new { lease.InstanceId, lease.BudgetId, lease.Start });
        builder.HasOne<Budget>().WithMany().HasForeignKey(lease => lease.BudgetId).OnDelete(DeleteBehavior.Cascade);
    }
}
