using System.Text.Json;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Audit;

/// <summary>The one way to record an event: into the context that makes the change, so that both are saved or neither.</summary>
public sealed class AuditTrail(TimeProvider time)
{
    private const int MaxUserAgent = 256;

    public void Record(
        GovernanceDbContext db,
        Actor actor,
        string action,
        string resourceType,
        string? resourceId,
        object? details = null,
        AuditOutcome outcome = AuditOutcome.Success)
    {
        var now = time.GetUtcNow();
        db.AuditEvents.Add(new AuditEvent
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            At = now,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            Action = action,
            ResourceType = resourceType,
            ResourceId = resourceId,
            Outcome = outcome,
            Details = details is null ? null : JsonSerializer.Serialize(details, JsonSerializerOptions.Web),
            IpAddress = actor.IpAddress,
            UserAgent = actor.UserAgent is { Length: > MaxUserAgent } agent ? agent[..MaxUserAgent] : actor.UserAgent,
        });
    }
}
