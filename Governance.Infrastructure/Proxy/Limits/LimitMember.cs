using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>A process that shares limits with others on one PostgreSQL.</summary>
public sealed class LimitMember
{
    public Guid InstanceId { get; init; }

    /// <summary>The number of the exchange with which it joined; exchanges are numbered in their order over all processes.</summary>
    public long JoinedIn { get; init; }

    /// <summary>The number of its last exchange.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset SeenAt { get; init; }
}

internal sealed class LimitMemberConfiguration : IEntityTypeConfiguration<LimitMember>
{
    public void Configure(EntityTypeBuilder<LimitMember> builder)
    {
        builder.ToTable("LimitMembers");
        builder.HasKey(member => member.InstanceId);
        builder.Property(member => member.InstanceId).ValueGeneratedNever();
    }
}
