using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit;

/// <summary>What somebody did, written in the transaction of the change itself.</summary>
public sealed class AuditEvent : IOrganizationOwned, IAppendOnly
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public DateTimeOffset At { get; init; }

    public ActorKind ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    /// <summary>What was done, as noun.verb: <c>key.created</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of thing it was done to: <c>key</c>.</summary>
    public required string ResourceType { get; init; }

    public string? ResourceId { get; init; }

    public AuditOutcome Outcome { get; init; }

    /// <summary>Before, after and reason as JSON; never a secret, never prompt or completion text.</summary>
    public string? Details { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }
}

public enum AuditOutcome
{
    Success,
    Failure,
    Denied,
}

internal sealed class AuditEventConfiguration : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> builder)
    {
        builder.Property(entry => entry.Action).HasMaxLength(64);
        builder.Property(entry => entry.ResourceType).HasMaxLength(64);
        builder.Property(entry => entry.ResourceId).HasMaxLength(64);
        builder.Property(entry => entry.Details).HasMaxLength(8000);
        builder.Property(entry => entry.IpAddress).HasMaxLength(64);
        builder.Property(entry => entry.UserAgent).HasMaxLength(256);
        builder.HasIndex(entry => new { entry.OrganizationId, entry.At });
        builder.HasOne<Organization>().WithMany().HasForeignKey(entry => entry.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
