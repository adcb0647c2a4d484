using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Identity;

/// <summary>
/// How often somebody's sign-in has failed in a row. A row apart from the person's, because the framework writes all columns of a person
/// at once and would undo a count made meanwhile.
/// </summary>
public sealed class SignInAttempts : IOrganizationOwned
{
    public Guid PersonId { get; init; }

    public Guid OrganizationId { get; init; }

    /// <summary>Passwords and second factors together, since the last complete sign-in.</summary>
    public int ConsecutiveFailures { get; set; }

    /// <summary>Until then every attempt is refused, right or wrong.</summary>
    public DateTimeOffset? LockedUntil { get; set; }
}

internal sealed class SignInAttemptsConfiguration : IEntityTypeConfiguration<SignInAttempts>
{
    public void Configure(EntityTypeBuilder<SignInAttempts> builder)
    {
        builder.ToTable("SignInAttempts");
        builder.HasKey(attempts => attempts.PersonId);
        builder.HasIndex(attempts => attempts.OrganizationId);
        builder.HasOne<Person>().WithOne().HasForeignKey<SignInAttempts>(attempts => attempts.PersonId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Organization>().WithMany().HasForeignKey(attempts => attempts.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}
