using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit;

/// <summary>Where an event stands in its organisation's tree. The sequencer inserts it; nothing changes it.</summary>
public sealed class AuditEntry : IOrganizationOwned, IAppendOnly
{
    public Guid OrganizationId { get; init; }

    /// <summary>From 0, without a gap.</summary>
    public long Index { get; init; }

    public Guid EventId { get; init; }

    public required byte[] LeafHash { get; init; }
}

/// <summary>A tile of 256 hashes.</summary>
public sealed class AuditTile : IOrganizationOwned, IAppendOnly
{
    public Guid OrganizationId { get; init; }

    public int Level { get; init; }

    public long Index { get; init; }

    public required byte[] Hashes { get; init; }
}

/// <summary>A signed statement about the tree at a size.</summary>
public sealed class AuditCheckpoint : IOrganizationOwned, IAppendOnly
{
    public Guid OrganizationId { get; init; }

    public long Size { get; init; }

    public required byte[] Root { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The C2SP signed note.</summary>
    public required string Note { get; init; }
}

/// <summary>A public key that has signed checkpoints, so that exports can name them all.</summary>
public sealed class AuditPublicKey : IAppendOnly
{
    /// <summary>32 bytes of Ed25519 in Base64.</summary>
    public required string PublicKey { get; init; }

    public DateTimeOffset FirstUsedAt { get; init; }
}

internal sealed class AuditTreeConfiguration
    : IEntityTypeConfiguration<AuditEntry>, IEntityTypeConfiguration<AuditTile>, IEntityTypeConfiguration<AuditCheckpoint>, IEntityTypeConfiguration<AuditPublicKey>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.HasKey(entry => new { entry.OrganizationId, entry.Index });
        builder.HasIndex(entry => entry.EventId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<AuditTile> builder) => builder.HasKey(tile => new { tile.OrganizationId, tile.Level, tile.Index });

    public void Configure(EntityTypeBuilder<AuditCheckpoint> builder)
    {
        builder.HasKey(checkpoint => new { checkpoint.OrganizationId, checkpoint.Size });
        builder.Property(checkpoint => checkpoint.Note).HasMaxLength(4000);
    }

    public void Configure(EntityTypeBuilder<AuditPublicKey> builder)
    {
        builder.HasKey(key => key.PublicKey);
        builder.Property(key => key.PublicKey).HasMaxLength(64);
    }
}
