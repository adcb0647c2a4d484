using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>A receiver to which an organisation's events are sent as they happen. The log is the queue; this row is a place in it.</summary>
public sealed class AuditWebhook : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    public required string Url { get; set; }

    /// <summary>What batches are signed with, wrapped under the master key.</summary>
    public required byte[] WrappedSecret { get; init; }

    /// <summary>Whether events are sent; while they are not, the place in the log stays.</summary>
    public bool Enabled { get; set; }

    /// <summary>Events below it are passed over.</summary>
    public AuditSeverity MinimumSeverity { get; set; }

    /// <summary>The names of the categories that are sent; all if there is none.</summary>
    public List<string> Categories { get; set; } = [];

    /// <summary>The index of the last entry that was delivered or passed over; -1 before the first.</summary>
    public long DeliveredIndex { get; set; }

    /// <summary>The last index of the batch that is being tried, so that another attempt has the same events under the same id.</summary>
    public long? PendingIndex { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? FailingSince { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public string? Error { get; set; }

    /// <summary>When it was said that it has been failing for long.</summary>
    public DateTimeOffset? AlertedAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    internal bool Wants(AuditEvent entry) =>
        entry.Severity >= MinimumSeverity && (Categories.Count == 0 || Categories.Contains(AuditLeaf.NameOf(entry.Category)));
}

internal sealed class AuditWebhookConfiguration : IEntityTypeConfiguration<AuditWebhook>
{
    public const int MaxName = 100;
    public const int MaxError = 500;

    public void Configure(EntityTypeBuilder<AuditWebhook> builder)
    {
        builder.ToTable("AuditWebhooks");
        builder.Property(webhook => webhook.Name).HasMaxLength(MaxName);
        builder.Property(webhook => webhook.Url).HasMaxLength(WebhookUrl.MaxLength);
        builder.Property(webhook => webhook.Error).HasMaxLength(MaxError);
        builder.HasIndex(webhook => new { webhook.OrganizationId, webhook.Name }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(webhook => webhook.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
