using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Approvals;

/// <summary>Closes what nobody decided in time, and tells whoever proposed it.</summary>
internal sealed class ApprovalExpiry(GovernanceDatabase database, ApprovalService approvals, TimeProvider time) : IJob
{
    public string Name => "approval-expiry";

    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.AcrossOrganizations();
        var overdue = await db.ApprovalRequests
            .Where(request => request.State == ApprovalState.Pending && request.ExpiresAt <= now)
            .Select(request => new { request.OrganizationId, request.Id }).ToListAsync(cancellation);

        // A refusal means that it was decided at this very moment.
        foreach (var request in overdue) await approvals.ExpireAsync(request.OrganizationId, request.Id, cancellation);
    }
}
