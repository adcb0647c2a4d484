using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>Deposits what is due. A failure at one place, or of one log, does not keep the others.</summary>
internal sealed class AuditAnchorJob(GovernanceDatabase database, AuditAnchors anchors, AuditDepositor depositor, ILogger<AuditAnchorJob> logger) : IJob
{
    public string Name => "audit-anchors";

    public TimeSpan Interval => TimeSpan.FromMinutes(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (anchors.All.Count == 0) return;
        List<Guid> organizations;
        await using (var db = database.AcrossOrganizations()) organizations = await db.Organizations.Select(row => row.Id).ToListAsync(cancellation);
        foreach (var organizationId in organizations)
        {
            foreach (var anchor in anchors.All)
            {
                try
                {
                    await depositor.DepositAsync(organizationId, anchor, atOnce: false, cancellation);
                }
                catch (Exception exception) when (!cancellation.IsCancellationRequested)
                {
                    Log.DepositNotKept(logger, exception, anchor.Kind, organizationId);
                }
            }
        }
    }
}
