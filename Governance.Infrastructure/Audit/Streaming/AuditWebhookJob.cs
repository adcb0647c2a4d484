using Governance.Infrastructure.Data;
using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>Sends all receivers what is new. They get it side by side: a slow one keeps nobody else waiting.</summary>
internal sealed class AuditWebhookJob(GovernanceDatabase database, AuditWebhookDelivery delivery, TimeProvider time, ILogger<AuditWebhookJob> logger) : IJob
{
    private const int AtOnce = 8;

    public string Name => "audit-webhooks";

    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var due = await DueAsync(cancellation);
        var settings = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(due, settings, async (webhook, token) =>
        {
            try
            {
                await delivery.DeliverAsync(webhook.OrganizationId, webhook.Id, token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                Log.DeliveryFailed(logger, exception, webhook.Id);
            }
        });
    }

    /// <summary>Those that waited longest first.</summary>
    private async Task<IReadOnlyList<AuditWebhook>> DueAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.AcrossOrganizations();
        return await db.AuditWebhooks.AsNoTracking().Where(webhook => webhook.Enabled && (webhook.NextAttemptAt == null || webhook.NextAttemptAt <= now))
            .OrderBy(webhook => webhook.DeliveredAt).ThenBy(webhook => webhook.Id).ToListAsync(cancellation);
    }
}
