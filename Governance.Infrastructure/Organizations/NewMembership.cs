namespace Governance.Infrastructure.Organizations;

/// <summary>That somebody is to belong to a team.</summary>
/// <param name="TeamId">Which team.</param>
/// <param name="PersonId">Who.</param>
/// <param name="From">The first day, in the organisation's zone.</param>
/// <param name="To">The last day; none if it has no end yet.</param>
/// <param name="IsLead">Whether they lead the team, and so get the role for it.</param>
public sealed record NewMembership(Guid TeamId, Guid PersonId, DateOnly From, DateOnly? To = null, bool IsLead = false);
