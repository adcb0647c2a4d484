using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>A role to be granted.</summary>
/// <param name="PersonId">To whom.</param>
/// <param name="Role">The role's name.</param>
/// <param name="Scope">For what part of the organisation.</param>
/// <param name="ExpiresAt">From then on it no longer counts; none if it has no end.</param>
/// <param name="Reason">Why they need it, in at most 1,000 characters.</param>
/// <param name="AcknowledgedConflicts">Whether conflicts of duties that are not forbidden are accepted, for the reason given.</param>
public sealed record NewGrant(
    Guid PersonId, string Role, AccessScope Scope, DateTimeOffset? ExpiresAt, string Reason, bool AcknowledgedConflicts = false);

/// <summary>What became of a grant: one of the two.</summary>
/// <param name="Grant">The grant, which counts from now on.</param>
/// <param name="Approval">The proposal, which another person must approve first.</param>
public sealed record GrantOutcome(RoleGrant? Grant, ApprovalRequest? Approval);
