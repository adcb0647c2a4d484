using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>A checkpoint that was deposited out of this program's reach.</summary>
public sealed class AuditDeposit : IOrganizationOwned, IAppendOnly
{
    public Guid OrganizationId { get; init; }

    public AuditAnchorKind Kind { get; init; }

    /// <summary>Where: a folder, an address without its query, or <c>mail</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The size of the checkpoint.</summary>
    public long Size { get; init; }

    /// <summary>Its root.</summary>
    public required byte[] Root { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>What the place gave for it: a witness's cosignature, as a line of the note.</summary>
    public string? Receipt { get; init; }
}

/// <summary>How depositing at a place goes.</summary>
public sealed class AuditAnchorState : IOrganizationOwned
{
    public Guid OrganizationId { get; init; }

    public AuditAnchorKind Kind { get; init; }

    /// <inheritdoc cref="AuditDeposit.Target"/>
    public required string Target { get; init; }

    /// <summary>Since when nothing could be deposited; none if it works.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>How often it failed since then.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public string? Error { get; set; }

    /// <summary>When the place last held what cannot be true beside this log. It stays, also when later deposits succeed.</summary>
    public DateTimeOffset? ContradictedAt { get; set; }
}

internal sealed class AuditDepositConfiguration : IEntityTypeConfiguration<AuditDeposit>, IEntityTypeConfiguration<AuditAnchorState>
{
    public const int MaxTarget = 500;
    public const int MaxError = 500;

    public void Configure(EntityTypeBuilder<AuditDeposit> builder)
    {
        builder.ToTable("AuditDeposits");
        builder.HasKey(deposit => new { deposit.OrganizationId, deposit.Kind, deposit.Target, deposit.Size });
        builder.Property(deposit => deposit.Target).HasMaxLength(MaxTarget);
        builder.Property(deposit => deposit.Receipt).HasMaxLength(1000);
    }

    public void Configure(EntityTypeBuilder<AuditAnchorState> builder)
    {
        builder.ToTable("AuditAnchorStates");
        builder.HasKey(state => new { state.OrganizationId, state.Kind, state.Target });
        builder.Property(state => state.Target).HasMaxLength(MaxTarget);
        builder.Property(state => state.Error).HasMaxLength(MaxError);
    }
}
