using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>What several readings of deposits begin with. The context sees one organisation.</summary>
internal static class AuditDepositReads
{
    /// <summary>The newest deposit at a place; none before the first.</summary>
    public static Task<AuditDeposit?> LastDepositAsync(this GovernanceDbContext db, IAuditAnchor anchor, CancellationToken cancellation) =>
        db.AuditDeposits.AsNoTracking().Where(deposit => deposit.Kind == anchor.Kind && deposit.Target == anchor.Target)
            .OrderByDescending(deposit => deposit.Size).FirstOrDefaultAsync(cancellation);

    /// <summary>How depositing at a place goes; none before the first attempt.</summary>
    public static Task<AuditAnchorState?> StateOfAsync(this GovernanceDbContext db, IAuditAnchor anchor, CancellationToken cancellation) =>
        db.AuditAnchorStates.SingleOrDefaultAsync(state => state.Kind == anchor.Kind && state.Target == anchor.Target, cancellation);
}
