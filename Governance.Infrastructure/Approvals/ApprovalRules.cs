using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;

namespace Governance.Infrastructure.Approvals;

/// <summary>Who may decide a proposal: checked against the grants as they are in the transaction of the decision.</summary>
public sealed class ApprovalRules(AccessControl access, TimeProvider time)
{
    /// <summary>The rule of two persons. It goes by the person, whatever session or token they act with.</summary>
    internal async Task<Refusal?> CheckDeciderAsync(GovernanceDbContext db, Actor actor, ApprovalRequest request, CancellationToken cancellation)
    {
        if (actor is not { Kind: ActorKind.Person, Id: { } decider }) return Refusal.Forbidden("Only a person can decide this.");
        if (decider == request.RequestedBy) return Refusal.Forbidden("You proposed this, so another person must decide it.");
        if (decider == request.BeneficiaryId) return Refusal.Forbidden("You would gain from this, so another person must decide it.");
        return await CheckHolderAsync(db, actor, decider, request, cancellation);
    }

    /// <summary>Whoever proposed something may apply it alone only where nobody else could decide it.</summary>
    internal async Task<Refusal?> CheckWaiverAsync(GovernanceDbContext db, Actor actor, ApprovalRequest request, CancellationToken cancellation)
    {
        if (await CheckRequesterAsync(db, actor, request, cancellation) is { } refusal) return refusal;
        if (await CheckHolderAsync(db, actor, request.RequestedBy, request, cancellation) is { } forbidden) return forbidden;
        var others = await OthersAsync(db, request, time.GetUtcNow(), cancellation);
        return others.Count == 0
            ? null
            : Refusal.Conflict($"{others[0].Name}{(others.Count == 1 ? "" : $" and {others.Count - 1} more")} could decide this, so it cannot be waived. Ask them.");
    }

    internal static Task<Refusal?> CheckRequesterAsync(GovernanceDbContext db, Actor actor, ApprovalRequest request, CancellationToken cancellation) =>
        Task.FromResult(actor.Kind == ActorKind.Person && actor.Id == request.RequestedBy
            ? null
            : Refusal.Forbidden("Only whoever proposed this can do that."));

    internal Task<Refusal?> CheckOverdueAsync(GovernanceDbContext db, Actor actor, ApprovalRequest request, CancellationToken cancellation) =>
        Task.FromResult(request.ExpiresAt <= time.GetUtcNow() ? null : Refusal.Conflict("There is still time to decide this."));

    /// <summary>The people who could decide a proposal: neither its requester nor who gains from it.</summary>
    internal static async Task<IReadOnlyList<PermissionHolder>> OthersAsync(
        GovernanceDbContext db, ApprovalRequest request, DateTimeOffset now, CancellationToken cancellation) =>
    [
        .. (await db.HoldersAsync(request.Permission, request.Scope, now, cancellation))
            .Where(holder => holder.PersonId != request.RequestedBy && holder.PersonId != request.BeneficiaryId),
    ];

    private async Task<Refusal?> CheckHolderAsync(GovernanceDbContext db, Actor actor, Guid person, ApprovalRequest request, CancellationToken cancellation)
    {
        // A token may be limited to less than what its person holds.
        if (await access.CheckAsync(actor, request.Permission, request.Scope, cancellation) is { } refusal) return refusal;
        var holders = await db.HoldersAsync(request.Permission, request.Scope, time.GetUtcNow(), cancellation);
        return holders.Any(holder => holder.PersonId == person)
            ? null
            : Refusal.Forbidden($"You no longer hold what deciding this needs ({request.Permission}).");
    }
}
