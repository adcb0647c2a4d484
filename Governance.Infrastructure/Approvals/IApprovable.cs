using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Approvals;

/// <summary>
/// A sort of change that can need approval. An area implements it for its own changes, and proposes them through
/// <see cref="ApprovalService.ProposeAsync"/> once it has authorised whoever asks.
/// </summary>
public interface IApprovable
{
    /// <summary>The stable name of this sort of change, in snake_case; requests in the database name it.</summary>
    string Kind { get; }

    /// <summary>As pages call it: "Grant of a role".</summary>
    string Label { get; }

    /// <summary>What one must hold to decide it.</summary>
    string Permission { get; }

    /// <summary>
    /// Checks a change and says what it would do, as things stand now. It is asked when the change is proposed and again when it is
    /// decided: if the diff is another one by then, the proposal is stale.
    /// </summary>
    Task<Result<ApprovalDescription>> DescribeAsync(GovernanceDbContext db, string payload, CancellationToken cancellation);

    /// <summary>Makes the change in the context of the decision, so that both are saved or neither; it neither saves nor commits.</summary>
    /// <param name="db">The context.</param>
    /// <param name="decider">Who approved, for the audit trail.</param>
    /// <param name="request">What was approved.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A refusal if it can no longer be applied.</returns>
    Task<Result> ApplyAsync(GovernanceDbContext db, Actor decider, ApprovalRequest request, CancellationToken cancellation);

    /// <summary>Called after the commit, to forget what was cached.</summary>
    void Applied(ApprovalRequest request);
}

/// <summary>What a change would do.</summary>
/// <param name="Title">In a few words, without the name of a person.</param>
/// <param name="Diff">Line by line.</param>
/// <param name="Scope">The part of the organisation it touches, for which whoever decides must hold the permission.</param>
/// <param name="BeneficiaryId">The person who would gain from it, if it is one.</param>
public sealed record ApprovalDescription(string Title, IReadOnlyList<FieldChange> Diff, AccessScope Scope, Guid? BeneficiaryId);
