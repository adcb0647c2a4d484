using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Secrets;

/// <summary>One key of ASP.NET Core Data Protection, encrypted under the master key; shared by all processes.</summary>
public sealed class DataProtectionKey
{
    public required string Id { get; init; }

    public required string Xml { get; init; }
}

internal sealed class DataProtectionKeyConfiguration : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.Property(key => key.Id).HasMaxLength(200);
}
