using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Jobs;

/// <summary>Work that must be done at least once: written in the transaction that causes it, removed when it succeeded.</summary>
public sealed class WorkItem : IOrganizationOwned
{
    /// <summary>Stable across retries, so that a receiver can tell a repetition.</summary>
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>Which handler does it.</summary>
    public required string Kind { get; init; }

    /// <summary>What the handler needs, as JSON; never a secret in clear, never prompt or completion text.</summary>
    public required string Payload { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset DueAt { get; set; }

    public int Attempts { get; set; }

    public string? LastError { get; set; }

    /// <summary>Until then a process works on it.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>Set once it failed too often; a person has to look at it.</summary>
    public DateTimeOffset? QuarantinedAt { get; set; }
}

internal sealed class WorkItemConfiguration : IEntityTypeConfiguration<WorkItem>
{
    public void Configure(EntityTypeBuilder<WorkItem> builder)
    {
        builder.Property(item => item.Kind).HasMaxLength(64);
        builder.Property(item => item.LastError).HasMaxLength(2000);
        builder.HasIndex(item => new { item.QuarantinedAt, item.DueAt });
    }
}
