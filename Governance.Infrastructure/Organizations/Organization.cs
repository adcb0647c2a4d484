using Governance.Domain.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Organizations;

/// <summary>A tenant: everything governed belongs to one.</summary>
public sealed class Organization
{
    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The IANA id of the reporting time zone, which decides on which day a call falls.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The ISO 4217 code of the organisation's books. The ledger itself is in US dollars, in which providers bill.</summary>
    public required string Currency { get; set; }

    /// <summary>Whether its data was made up, which every page says.</summary>
    public bool IsDemo { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public ReportingZone Zone => ReportingZone.Parse(TimeZone);
}

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> builder)
    {
        builder.Property(organization => organization.Name).HasMaxLength(200);
        builder.Property(organization => organization.TimeZone).HasMaxLength(64);
        builder.Property(organization => organization.Currency).HasMaxLength(3);
        builder.Ignore(organization => organization.Zone);
    }
}
