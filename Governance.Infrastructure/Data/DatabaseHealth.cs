using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Governance.Infrastructure.Data;

/// <summary>Ready means: the database answers, its schema is current, and the ledger takes writes.</summary>
internal sealed class DatabaseHealth(GovernanceDatabase database, CallLedger ledger) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var db = database.AcrossOrganizations();
            if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
                return HealthCheckResult.Unhealthy("The schema is not current.");
            return ledger.Running ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The ledger takes no writes.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", exception);
        }
    }
}
