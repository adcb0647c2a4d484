using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Secrets;

/// <summary>One row, wrapped under the master key at the first start; if it does not open, the database belongs to another key.</summary>
public sealed class MasterKeyCheck
{
    public const string Purpose = "governance.master-key-check";

    public int Id { get; init; }

    public required byte[] Wrapped { get; init; }
}

internal sealed class MasterKeyCheckConfiguration : IEntityTypeConfiguration<MasterKeyCheck>
{
    public void Configure(EntityTypeBuilder<MasterKeyCheck> builder) => builder.Property(check => check.Id).ValueGeneratedNever();
}
