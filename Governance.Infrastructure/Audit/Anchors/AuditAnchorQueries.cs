using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;

namespace Governance.Infrastructure.Audit.Anchors;

/// <summary>Where a log is deposited, and how that goes. Who may not read the log learns nothing.</summary>
public sealed class AuditAnchorQueries(AccessControl access, GovernanceDatabase database, AuditAnchors anchors)
{
    /// <summary>The configured places.</summary>
    public async Task<IReadOnlyList<AuditAnchorRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.AuditRead, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = new List<AuditAnchorRow>();
        foreach (var anchor in anchors.All)
            rows.Add(new AuditAnchorRow(anchor.Kind, anchor.Target, anchor.Label, await db.LastDepositAsync(anchor, cancellation), await db.StateOfAsync(anchor, cancellation)));
        return rows;
    }
}

/// <summary>A place in which checkpoints are deposited.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Target">Which one.</param>
/// <param name="Label">What else says which one it is: the name of a witness, the addresses of auditors.</param>
/// <param name="Newest">The newest deposit there; none before the first.</param>
/// <param name="State">How it goes; none if nothing ever failed.</param>
public sealed record AuditAnchorRow(AuditAnchorKind Kind, string Target, string? Label, AuditDeposit? Newest, AuditAnchorState? State)
{
    public bool IsFailing => State?.FailingSince is not null;

    /// <summary>Whether the place ever held what cannot be true beside this log.</summary>
    public bool IsContradicted => State?.ContradictedAt is not null;
}
