using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Organizations;

/// <summary>That a person belongs to a team, from one day to another. It says who works where; what they may do, roles say.</summary>
public sealed class TeamMembership : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid TeamId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>Whether the person leads the team.</summary>
    public bool IsLead { get; set; }

    /// <summary>The first day, in the organisation's zone.</summary>
    public DateOnly From { get; init; }

    /// <summary>The last day; none while it lasts.</summary>
    public DateOnly? To { get; set; }

    public bool IsCurrent(DateOnly day) => From <= day && (To is null || To >= day);
}

internal sealed class TeamMembershipConfiguration : IEntityTypeConfiguration<TeamMembership>
{
    public void Configure(EntityTypeBuilder<TeamMembership> builder)
    {
        builder.HasIndex(membership => membership.OrganizationId);
        builder.HasIndex(membership => new { membership.TeamId, membership.PersonId });
        builder.HasIndex(membership => membership.PersonId);
        builder.HasOne<Team>().WithMany().HasForeignKey(membership => membership.TeamId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Person>().WithMany().HasForeignKey(membership => membership.PersonId).OnDelete(DeleteBehavior.Restrict);
    }
}
