using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.DeadLetters;

/// <summary>That an organisation has too much work waiting or stopped, or some that is too old. It is there while that is so.</summary>
public sealed class DeadLetterAlarm : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public DateTimeOffset RaisedAt { get; init; }

    /// <summary>How many items there were then.</summary>
    public long Count { get; init; }

    /// <summary>When the oldest of them was written.</summary>
    public DateTimeOffset OldestAt { get; init; }
}

internal sealed class DeadLetterAlarmConfiguration : IEntityTypeConfiguration<DeadLetterAlarm>
{
    public void Configure(EntityTypeBuilder<DeadLetterAlarm> builder)
    {
        builder.ToTable("DeadLetterAlarms");
        builder.HasIndex(alarm => alarm.OrganizationId).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(alarm => alarm.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
