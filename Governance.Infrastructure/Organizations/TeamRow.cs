namespace Governance.Infrastructure.Organizations;

/// <summary>A team as the tree shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="ParentId">The team above it, if the reader may see that.</param>
/// <param name="Depth">How many teams the reader sees above it.</param>
/// <param name="Leads">The names of those who lead it today.</param>
/// <param name="Members">How many belong to it today, leads among them.</param>
/// <param name="Applications">How many applications it owns.</param>
/// <param name="ArchivedAt">Since when it is archived.</param>
public sealed record TeamRow(
    Guid Id, string Name, Guid? ParentId, int Depth, IReadOnlyList<string> Leads, int Members, int Applications, DateTimeOffset? ArchivedAt);

/// <summary>A team with all that its page shows.</summary>
/// <param name="Team">The team.</param>
/// <param name="Above">The teams above it that the reader may see, from the top.</param>
/// <param name="Below">The teams right below it.</param>
/// <param name="Members">Who belongs or belonged to it: those who do first.</param>
/// <param name="Applications">What it owns.</param>
public sealed record TeamDetail(
    TeamRow Team, IReadOnlyList<TeamRow> Above, IReadOnlyList<TeamRow> Below, IReadOnlyList<TeamMember> Members, IReadOnlyList<ApplicationRow> Applications);

/// <summary>That somebody belongs, or belonged, to a team.</summary>
/// <param name="MembershipId">The membership's id.</param>
/// <param name="PersonId">Who.</param>
/// <param name="Name">As they are called.</param>
/// <param name="Email">Their address.</param>
/// <param name="IsDisabled">Whether they are disabled.</param>
/// <param name="IsLead">Whether they lead it, or did at the end.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The last day; none while it lasts.</param>
/// <param name="Phase">Whether it has begun, or is over.</param>
public sealed record TeamMember(
    Guid MembershipId, Guid PersonId, string Name, string Email, bool IsDisabled, bool IsLead, DateOnly From, DateOnly? To, MembershipPhase Phase);

public enum MembershipPhase
{
    Current,
    Planned,
    Past,
}
