using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>A connection's breaker opened, closed or was reset. By these rows processes learn of each other's breakers, and they are the history that pages show.</summary>
public sealed class BreakerEvent : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The connection's name; it stays when the connection is deleted.</summary>
    public required string Connection { get; init; }

    public BreakerState From { get; init; }

    public BreakerState To { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>None if it closed.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <inheritdoc cref="BreakerChange.Openings"/>
    public int Openings { get; init; }

    /// <summary>The process that saw it.</summary>
    public Guid ProcessId { get; init; }

    internal BreakerChange ToChange() => new(From, To, At, OpenUntil, Openings, Reason);

    internal static BreakerEvent Of(Guid organizationId, string connection, Guid processId, BreakerChange change) => new()
    {
        Id = Guid.CreateVersion7(change.At),
        OrganizationId = organizationId,
        Connection = connection,
        From = change.From,
        To = change.To,
        Reason = change.Reason,
        At = change.At,
        OpenUntil = change.OpenUntil,
        Openings = change.Openings,
        ProcessId = processId,
    };
}

internal sealed class BreakerEventConfiguration : IEntityTypeConfiguration<BreakerEvent>
{
    public void Configure(EntityTypeBuilder<BreakerEvent> builder)
    {
        builder.ToTable("BreakerEvents");
        builder.Property(change => change.Connection).HasMaxLength(64);
        builder.Property(change => change.Reason).HasMaxLength(200);
        builder.HasIndex(change => change.At);
        builder.HasIndex(change => new { change.OrganizationId, change.Connection, change.At });
        builder.HasOne<Organization>().WithMany().HasForeignKey(change => change.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
