using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Costs.Estimates;

/// <summary>What the last calibration measured for one organisation: see <see cref="TokenRatio"/> and <see cref="EstimateError"/>.</summary>
public sealed class TokenCalibration : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Provider { get; init; }

    public RatioBasis Basis { get; init; }

    /// <summary>The model or family; empty for a whole provider.</summary>
    public required string Name { get; init; }

    public TokenSide Side { get; init; }

    public int Rows { get; init; }

    public long MilliBytes { get; init; }

    /// <summary>On how many held-back calls the errors were measured; 0 for what is no model.</summary>
    public int HeldBackRows { get; init; }

    public int MedianPermille { get; init; }

    public int NinetiethPermille { get; init; }

    public int UncalibratedPermille { get; init; }

    public DateTimeOffset CalibratedAt { get; init; }

    public TokenRatio ToRatio() => new(Provider, Basis, Name, Side, Rows, MilliBytes);

    public static TokenCalibration From(Guid organizationId, TokenRatio ratio, EstimateError? error, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = organizationId,
        Provider = ratio.Provider,
        Basis = ratio.Basis,
        Name = ratio.Name,
        Side = ratio.Side,
        Rows = ratio.Rows,
        MilliBytes = ratio.MilliBytes,
        HeldBackRows = error?.Rows ?? 0,
        MedianPermille = error?.MedianPermille ?? 0,
        NinetiethPermille = error?.NinetiethPermille ?? 0,
        UncalibratedPermille = error?.UncalibratedPermille ?? 0,
        CalibratedAt = now,
    };
}

internal sealed class TokenCalibrationConfiguration : IEntityTypeConfiguration<TokenCalibration>
{
    public void Configure(EntityTypeBuilder<TokenCalibration> builder)
    {
        builder.ToTable("TokenCalibrations");
        builder.Property(row => row.Provider).HasMaxLength(64);
        builder.Property(row => row.Name).HasMaxLength(200);
        builder.HasIndex(row => new { row.OrganizationId, row.Provider, row.Basis, row.Name, row.Side }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(row => row.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
