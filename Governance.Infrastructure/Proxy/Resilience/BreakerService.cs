using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>Resets breakers by hand.</summary>
public sealed class BreakerService(
    AccessControl access, GovernanceDatabase database, ProviderConnections connections, ConnectionGates gates, ProcessRegistry process, AuditTrail audit, TimeProvider time)
{
    /// <summary>Lets calls through a connection again, here at once and in the other processes within seconds. If the provider still fails, it opens again.</summary>
    public async Task<Result> ResetAsync(Actor actor, string connection, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ProvidersManage, cancellation) is { } forbidden) return forbidden;
        if (!await connections.ExistsAsync(actor.OrganizationId, connection, cancellation)) return Refusal.NotFound("There is no such connection any more.");
        var gate = gates.Of(actor.OrganizationId, connection);
        var (now, from) = (time.GetUtcNow(), gate.State);
        if (from == BreakerState.Closed) return Refusal.Conflict($"{connection} lets calls through already.");
        var change = new BreakerChange(from, BreakerState.Closed, now, null, 0, "Reset by hand.");
        await using var db = database.ForOrganization(actor.OrganizationId);
        db.BreakerEvents.Add(BreakerEvent.Of(actor.OrganizationId, connection, process.InstanceId, change));
        audit.Record(db, actor, "connection.breaker_reset", "connection", connection, new { connection, from = from.ToString() });
        await db.SaveChangesAsync(cancellation);
        gate.Breaker.Reset(now, change.Reason);
        return Result.Ok;
    }
}
