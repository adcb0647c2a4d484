using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// An end user of an application. Calls and costs carry only its id; what the application calls that user is kept here alone:
/// as a keyed hash to look it up by, and encrypted to show it.
/// </summary>
public sealed class Subject : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required byte[] ReferenceMac { get; init; }

    public required byte[] WrappedReference { get; init; }

    public DateTimeOffset FirstSeenAt { get; init; }
}

internal sealed class SubjectConfiguration : IEntityTypeConfiguration<Subject>
{
    public void Configure(EntityTypeBuilder<Subject> builder)
    {
        builder.Property(subject => subject.ReferenceMac).HasMaxLength(32);
        builder.HasIndex(subject => new { subject.OrganizationId, subject.ReferenceMac }).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(subject => subject.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
