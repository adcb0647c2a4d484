using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>Deposits a log when somebody asks for it. Whoever may hand the log out in an export may.</summary>
public sealed class AuditAnchorService(
    AccessControl access, GovernanceDatabase database, AuditSequencer sequencer, AuditAnchors anchors, AuditDepositor depositor, AuditTrail audit)
{
    /// <summary>Signs the log as it is now, and deposits it at every configured place.</summary>
    /// <returns>At how many places that succeeded.</returns>
    public async Task<Result<int>> DepositNowAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditExport, cancellation) is { } refusal) return refusal;
        if (anchors.All.Count == 0) return Refusal.Conflict("There is no place to deposit at: whoever operates this installation names one in appsettings.json, under Audit:Anchors.");
        await using (var db = database.ForOrganization(actor.OrganizationId))
        {
            audit.Record(db, actor, "audit.deposit_requested", "audit_log", null);
            await db.SaveChangesAsync(cancellation);
        }

        await sequencer.CatchUpAsync(actor.OrganizationId, cancellation);
        var deposited = 0;
        foreach (var anchor in anchors.All)
        {
            if (await depositor.DepositAsync(actor.OrganizationId, anchor, atOnce: true, cancellation) is { Error: null }) deposited++;
        }

        return deposited;
    }
}
