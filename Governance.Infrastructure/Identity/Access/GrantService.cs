using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Grants and revokes roles.</summary>
public sealed class GrantService(
    GovernanceDatabase database, AccessControl access, AccessDirectory directory, ApprovalService approvals, SettingsDirectory settings,
    AuditTrail audit, TimeProvider time)
{
    private readonly GrantProposal _proposal = new(directory, audit, time);

    /// <summary>Grants a role, or proposes it where another person must approve that; the outcome says which.</summary>
    public async Task<Result<GrantOutcome>> GrantAsync(Actor actor, NewGrant request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.GrantsWrite, cancellation) is { } refusal) return refusal;
        if (actor.Kind != ActorKind.System && actor.Id == request.PersonId)
            return Refusal.Forbidden("Nobody grants themselves a role. Ask somebody else who may grant.");

        // Whether it needs approval is decided over the same roles that it is checked against.
        var needsApproval = false;
        var granted = await database.SeriallyAsync<GrantOutcome>(actor.OrganizationId, Attempt, cancellation);
        if (!granted.Succeeded) return granted.Refusal;
        if (needsApproval)
        {
            var proposed = await approvals.ProposeAsync(actor, new NewApproval(GrantProposal.KindName, GrantProposal.PayloadOf(request), request.Reason), cancellation);
            return proposed.Succeeded ? new GrantOutcome(null, proposed.Value) : proposed.Refusal;
        }

        directory.Forget();
        return granted;

        async Task<Result<GrantOutcome>> Attempt(GovernanceDbContext db)
        {
            var plan = await GrantRules.CheckAsync(db, request, time.GetUtcNow(), cancellation);
            if (!plan.Succeeded) return plan.Refusal;
            needsApproval = await WhyApprovalAsync(actor, plan.Value.Catalog, request.Role, cancellation) is not null;
            return new GrantOutcome(needsApproval ? null : _proposal.Add(db, actor, plan.Value, approval: null), null);
        }
    }

    /// <summary>The conflicts of duties that a grant would bring, to be shown before it is saved.</summary>
    public async Task<IReadOnlyList<DutyConflict>> ConflictsAsync(Actor actor, Guid personId, string role, CancellationToken cancellation)
    {
        if (!await access.MayAsync(actor, Permissions.GrantsWrite, cancellation)) return [];
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var held = await db.RoleGrants
            .Where(grant => grant.PersonId == personId && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
            .Select(grant => grant.Role).Distinct().ToListAsync(cancellation);
        return SegregationOfDuties.Added(await db.RoleCatalogAsync(cancellation), held, [.. held.Append(role).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Why another person must approve it if this actor grants a role; none if it takes effect at once.</summary>
    public async Task<string?> WhyApprovalAsync(Actor actor, string role, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        return await WhyApprovalAsync(actor, await db.RoleCatalogAsync(cancellation), role, cancellation);
    }

    /// <summary>Ends a grant; it counts no more from the next reading or change on, in other processes within seconds.</summary>
    public async Task<Result> RevokeAsync(Actor actor, Guid grantId, string? reason, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.GrantsWrite, cancellation) is { } refusal) return refusal;
        if (reason?.Length > GrantRules.MaxReason) return Refusal.Invalid(nameof(reason), $"A reason may have at most {GrantRules.MaxReason:N0} characters.");

        var result = await database.SeriallyAsync(actor.OrganizationId, db => RevokeAsync(db, actor, grantId, reason, cancellation), cancellation);
        if (result.Succeeded) directory.Forget();
        return result;
    }

    /// <summary>
    /// Ends a grant in the transaction of a change that was authorised; <see cref="AccessDirectory.Forget"/> comes after its commit. The
    /// transaction should be a serial one: else two administrators who revoke each other at once may both succeed.
    /// </summary>
    internal async Task<Result> RevokeAsync(GovernanceDbContext db, Actor actor, Guid grantId, string? reason, CancellationToken cancellation)
    {
        var grant = await db.RoleGrants.SingleOrDefaultAsync(grant => grant.Id == grantId, cancellation);
        if (grant is null) return Refusal.NotFound("There is no such grant.");
        if (grant.RevokedAt is not null) return Result.Ok;
        if (await IsLastAdministratorAsync(db, grant, cancellation))
            return Refusal.Conflict("This is the last system administrator of the whole organisation, and somebody must be. Make somebody else one first.");

        (grant.RevokedAt, grant.RevokedBy) = (time.GetUtcNow(), actor.Id);
        audit.Record(db, actor, "grant.revoked", "grant", grant.Id.ToString("n"), new { person = grant.PersonId, grant.Role, grant.ScopeKind, grant.ScopeId },
            about: new AboutPerson(grant.PersonId, new { reason }));
        return Result.Ok;
    }

    private async Task<string?> WhyApprovalAsync(Actor actor, RoleCatalog catalog, string role, CancellationToken cancellation)
    {
        if (actor.Kind == ActorKind.System) return null;
        var guarded = (await settings.GetAsync(actor.OrganizationId, cancellation)).ApprovalRoles;
        if (GrantApproval.Needed(catalog, role, guarded) is { } why) return why;
        foreach (var permission in catalog.PermissionsOf(role).Keys)
        {
            if (!(await access.ReachAsync(actor, permission, cancellation)).Everything)
                return $"It allows {permission}, which you do not hold for the whole organisation yourself, so another person must approve it.";
        }

        return null;
    }

    /// <summary>Whether nobody who can sign in would administer the organisation without this grant.</summary>
    private async Task<bool> IsLastAdministratorAsync(GovernanceDbContext db, RoleGrant grant, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (grant.Role != Roles.SystemAdmin || grant.ScopeKind != ScopeKind.Organization || !grant.IsActive(now)) return false;
        var others = await db.ActiveGrants(now)
            .Where(other => other.Role == Roles.SystemAdmin && other.ScopeKind == ScopeKind.Organization && other.Id != grant.Id).ToListAsync(cancellation);

        // Those revoked earlier in the same transaction are not saved yet, but known to the context.
        return others.TrueForAll(other => other.RevokedAt is not null);
    }
}
