using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>What one process says of its use of a limit. It outlives the process until its use counts no longer.</summary>
public sealed class LimitShare : IOrganizationOwned
{
    public Guid OrganizationId { get; init; }

    public LimitScope Scope { get; init; }

    public Guid ScopeId { get; init; }

    public LimitMetric Metric { get; init; }

    public Guid InstanceId { get; init; }

    public long Limit { get; init; }

    /// <summary>The most it uses until it says otherwise; none for its even part.</summary>
    public long? Claim { get; init; }

    public long Used { get; init; }

    /// <summary>What it had to refuse for want of a larger claim.</summary>
    public long Want { get; init; }

    /// <summary>The smallest single amount of that.</summary>
    public long WantOne { get; init; }

    /// <summary>When the first of what is used counts no longer.</summary>
    public DateTimeOffset? FreesAt { get; init; }

    /// <summary>The number of the exchange in which it was said.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset SaidAt { get; init; }

    /// <summary>Nothing but what would be assumed without it.</summary>
    internal bool SaysNothing => Claim is null && Used == 0 && Want == 0;

    internal QuotaKey Key => new(OrganizationId, Scope, ScopeId, Metric);

    internal bool SaysTheSame(LimitShare other) =>
        (Limit, Claim, Used, Want, WantOne, FreesAt) == (other.Limit, other.Claim, other.Used, other.Want, other.WantOne, other.FreesAt);
}

/// <summary>Which limit.</summary>
internal readonly record struct QuotaKey(Guid OrganizationId, LimitScope Scope, Guid ScopeId, LimitMetric Metric);

internal sealed class LimitShareConfiguration : IEntityTypeConfiguration<LimitShare>
{
    public void Configure(EntityTypeBuilder<LimitShare> builder)
    {
        builder.ToTable("LimitShares");
        builder.HasKey(share => new { share.OrganizationId, share.Scope, share.ScopeId, share.Metric, share.InstanceId });
        builder.Ignore(share => share.SaysNothing);
        builder.Ignore(share => share.Key);
        builder.HasOne<Organization>().WithMany().HasForeignKey(share => share.OrganizationId).OnDelete(DeleteBehavior.Cascade);
    }
}
