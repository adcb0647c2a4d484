using Governance.Domain.Audit;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit;

/// <summary>A part of an event's payload, encrypted under the key of whomever it describes. The event commits to it.</summary>
public sealed class AuditPart : IOrganizationOwned, IAppendOnly
{
    public Guid EventId { get; init; }

    /// <summary>Which of the event's parts, from 0.</summary>
    public int Number { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>The <see cref="DataKeyRow"/>.</summary>
    public Guid KeyId { get; init; }

    /// <inheritdoc cref="SealedPart.Ciphertext"/>
    public required byte[] Ciphertext { get; init; }
}

/// <summary>A data key, wrapped under the master key until whomever it belongs to is erased.</summary>
public sealed class DataKeyRow : IOrganizationOwned
{
    /// <summary>The key id; random.</summary>
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public DataKeyOwner Owner { get; init; }

    /// <summary>Whose: the person's or end user's id, the organisation's, or of visitors the month's.</summary>
    public Guid OwnerId { get; init; }

    /// <summary>None once it is destroyed.</summary>
    public byte[]? Wrapped { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ErasedAt { get; set; }
}

/// <summary>Whose data a key protects.</summary>
public enum DataKeyOwner
{
    Organization,
    Person,

    /// <summary>Whoever came in a month without ever signing in.</summary>
    Visitors,

    /// <summary>An end user of an application.</summary>
    Subject,
}

internal sealed class AuditPartConfiguration : IEntityTypeConfiguration<AuditPart>
{
    public void Configure(EntityTypeBuilder<AuditPart> builder)
    {
        builder.HasKey(part => new { part.EventId, part.Number });
        builder.HasIndex(part => new { part.KeyId, part.EventId });
        builder.HasOne<AuditEvent>().WithMany().HasForeignKey(part => part.EventId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class DataKeyRowConfiguration : IEntityTypeConfiguration<DataKeyRow>
{
    public void Configure(EntityTypeBuilder<DataKeyRow> builder)
    {
        builder.ToTable("DataKeys");
        builder.HasIndex(key => new { key.OrganizationId, key.Owner, key.OwnerId }).IsUnique();
    }
}
