using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Privacy;

/// <summary>Deletes content that has reached its end, batch by batch, and says in each organisation's audit log how much it was.</summary>
internal sealed class ContentRetentionJob(GovernanceDatabase database, AuditTrail audit, TimeProvider time, ILogger<ContentRetentionJob> logger) : IJob
{
    internal const int BatchSize = 200;

    public string Name => "content-retention";

    public TimeSpan Interval => TimeSpan.FromMinutes(15);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<Guid> organizations;
        await using (var db = database.AcrossOrganizations())
        {
            organizations = await db.CapturedContents.Where(content => content.ExpiresAt <= now).Select(content => content.OrganizationId).Distinct().ToListAsync(cancellation);
        }

        foreach (var organizationId in organizations) await RunAsync(organizationId, now, cancellation);
    }

    private async Task RunAsync(Guid organizationId, DateTimeOffset now, CancellationToken cancellation)
    {
        var deleted = 0;
        try
        {
            for (var batch = BatchSize; batch == BatchSize; deleted += batch) batch = await DeleteBatchAsync(organizationId, now, cancellation);
        }
        finally
        {
            // What is gone is gone, even if the run ends early.
            if (deleted > 0) await RecordAsync(organizationId, deleted);
        }
    }

    private async Task<int> DeleteBatchAsync(Guid organizationId, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(organizationId);
        var ids = await db.CapturedContents.Where(content => content.ExpiresAt <= now)
            .OrderBy(content => content.ExpiresAt).ThenBy(content => content.Id).Select(content => content.Id).Take(BatchSize).ToListAsync(cancellation);
        return ids.Count == 0 ? 0 : await db.CapturedContents.Where(content => ids.Contains(content.Id)).ExecuteDeleteAsync(cancellation);
    }

    private async Task RecordAsync(Guid organizationId, int deleted)
    {
        await using var db = database.ForOrganization(organizationId);
        audit.Record(db, Actor.System(organizationId), "content.expired", "content", null, new { deleted });
        await db.SaveChangesAsync(CancellationToken.None);
        Log.ContentExpired(logger, deleted);
    }
}
