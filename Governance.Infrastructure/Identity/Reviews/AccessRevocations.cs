using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Reviews;

/// <summary>Ends what a review decided to revoke, in the transaction of the decision.</summary>
public sealed class AccessRevocations(
    GrantService grants, KeyService keys, ServiceAccountService accounts, AccessDirectory people, KeyDirectory keyHolders, TimeProvider time)
{
    /// <summary>Whether it still gave access, and what is to be done after the commit so that it counts at once.</summary>
    internal sealed record Revocation(RevocationOutcome Outcome, Action Announce)
    {
        public static Revocation None { get; } = new(RevocationOutcome.AlreadyEnded, () => { });
    }

    internal Task<Result<Revocation>> RevokeAsync(
        GovernanceDbContext db, Actor actor, AccessReviewItem item, string reason, CancellationToken cancellation) => item.Kind switch
        {
            ReviewedKind.Grant => RevokeGrantAsync(db, actor, item.SubjectId, reason, cancellation),
            ReviewedKind.Key => RevokeKeyAsync(db, actor, item.SubjectId, reason, cancellation),
            _ => RevokeServiceAccountAsync(db, actor, item.SubjectId, reason, cancellation),
        };

    private async Task<Result<Revocation>> RevokeGrantAsync(
        GovernanceDbContext db, Actor actor, Guid id, string reason, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var grant = await db.RoleGrants.SingleOrDefaultAsync(grant => grant.Id == id, cancellation);
        if (grant is null || !grant.IsActive(now)) return Revocation.None;
        if (await LastAdministrator.CheckAsync(db, grant, now, cancellation) is { } refusal) return refusal;
        var result = await grants.RevokeAsync(db, actor, id, reason, cancellation);
        return result.Succeeded ? new Revocation(RevocationOutcome.Revoked, people.Forget) : result.Refusal;
    }

    private async Task<Result<Revocation>> RevokeKeyAsync(
        GovernanceDbContext db, Actor actor, Guid id, string reason, CancellationToken cancellation)
    {
        var key = await db.VirtualKeys.SingleOrDefaultAsync(key => key.Id == id, cancellation);
        if (key is null || key.RevokedAt is not null) return Revocation.None;
        keys.Revoke(db, actor, key, reason);
        return new Revocation(RevocationOutcome.Revoked, keyHolders.Forget);
    }

    /// <summary>Service accounts are looked up at every call, so there is nothing to announce.</summary>
    private async Task<Result<Revocation>> RevokeServiceAccountAsync(
        GovernanceDbContext db, Actor actor, Guid id, string reason, CancellationToken cancellation)
    {
        var account = await db.ServiceAccounts.SingleOrDefaultAsync(account => account.Id == id, cancellation);
        if (account is null || account.RevokedAt is not null) return Revocation.None;
        accounts.Revoke(db, actor, account, reason);
        return new Revocation(RevocationOutcome.Revoked, () => { });
    }
}
