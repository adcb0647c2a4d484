using System.Diagnostics;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Audit;

/// <summary>The one way to record an event: with the context that makes the change, so that both are saved or neither.</summary>
public sealed class AuditTrail(TimeProvider time)
{
    /// <param name="db">The context that makes the change. It writes the event when it saves.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="action">What, as <c>noun.verb</c>; its noun is in the <see cref="AuditCatalog"/>.</param>
    /// <param name="resourceType">The kind of thing it was done to.</param>
    /// <param name="resourceId">Which one: a public id; of a person the id, for which their token is written.</param>
    /// <param name="details">Before, after and what else there is to say. Never a secret, prompt or completion, nor anything about a person but their id.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="reason">A short code.</param>
    /// <param name="about">What it says about people.</param>
    public void Record(
        GovernanceDbContext db,
        Actor actor,
        string action,
        string resourceType,
        string? resourceId,
        object? details = null,
        AuditOutcome outcome = AuditOutcome.Success,
        string? reason = null,
        params IReadOnlyList<AboutPerson> about) =>
        db.AuditDrafts.Add(new AuditDraft(Guid.CreateVersion7(time.GetUtcNow()), actor.OrganizationId, action, resourceType, resourceId, outcome)
        {
            Actor = actor,
            Details = details,
            Reason = reason,
            About = about,
            Request = Activity.Current?.TraceId.ToHexString(),
        });
}
