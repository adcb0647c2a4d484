using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Organizations;

/// <summary>
/// Keeps the role <see cref="Roles.TeamLead"/> with whoever leads a team: it is granted with the lead and ends with it, in the
/// transaction of the change.
/// </summary>
public sealed class TeamLeads(AccessControl access, SettingsDirectory settings, GrantService grants, AuditTrail audit, TimeProvider time)
{
    /// <summary>Whether an actor may make somebody lead a team.</summary>
    /// <returns>None if so.</returns>
    internal async Task<Refusal?> CheckAsync(GovernanceDbContext db, Actor actor, Guid personId, Guid teamId, CancellationToken cancellation)
    {
        if (await Active(db, personId, teamId).AnyAsync(cancellation)) return null;
        if (await access.CheckAsync(actor, Permissions.GrantsWrite, cancellation) is not null)
            return Refusal.Forbidden($"Whoever leads a team gets the role {Roles.DisplayName(Roles.TeamLead)} for it, and your roles do not allow handing out roles.");
        var decided = await settings.GetAsync(actor.OrganizationId, cancellation);
        if (actor.Kind != ActorKind.System && decided.ApprovalRoles.Contains(Roles.TeamLead))
            return Refusal.Conflict($"The role {Roles.DisplayName(Roles.TeamLead)} needs somebody's approval. Propose it for this team first, then make the person lead.");

        var now = time.GetUtcNow();
        var roles = await db.RoleGrants.Where(grant => grant.PersonId == personId && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now))
            .Select(grant => grant.Role).Distinct().ToListAsync(cancellation);
        var conflicts = SegregationOfDuties.Conflicts(await db.LoadRoleCatalogAsync(cancellation), [.. roles, Roles.TeamLead]);
        return conflicts.FirstOrDefault(conflict => conflict.Forbidden) is { } conflict ? Refusal.Conflict(conflict.Message) : null;
    }

    /// <summary>Grants the role, unless they hold it for this team; until the end of a day if there is a last one.</summary>
    internal async Task GrantAsync(
        GovernanceDbContext db, Actor actor, Guid personId, Guid teamId, DateOnly? until, CancellationToken cancellation)
    {
        if (await Active(db, personId, teamId).AnyAsync(cancellation)) return;
        var now = time.GetUtcNow();
        var zone = (await db.Organizations.AsNoTracking().SingleAsync(cancellation)).Zone;
        var grant = new RoleGrant
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            PersonId = personId,
            Role = Roles.TeamLead,
            ScopeKind = ScopeKind.Team,
            ScopeId = teamId,
            Reason = "Leads the team.",
            GrantedAt = now,
            GrantedBy = actor.Id,
            ExpiresAt = until is { } last ? zone.StartOf(last.AddDays(1)) : null,
        };
        db.RoleGrants.Add(grant);
        audit.Record(db, actor, "grant.created", "grant", grant.Id.ToString("n"),
            new { person = personId, grant.Role, grant.ScopeKind, grant.ScopeId, grant.ExpiresAt, grant.Reason });
    }

    /// <summary>Ends the role for this team.</summary>
    internal async Task EndAsync(GovernanceDbContext db, Actor actor, Guid personId, Guid teamId, string reason, CancellationToken cancellation)
    {
        foreach (var id in await Active(db, personId, teamId).Select(grant => grant.Id).ToListAsync(cancellation))
            await grants.RevokeAsync(db, actor, id, reason, cancellation);
    }

    private IQueryable<RoleGrant> Active(GovernanceDbContext db, Guid personId, Guid teamId)
    {
        var now = time.GetUtcNow();
        return db.RoleGrants.Where(grant => grant.PersonId == personId && grant.Role == Roles.TeamLead && grant.ScopeKind == ScopeKind.Team
            && grant.ScopeId == teamId && grant.RevokedAt == null && (grant.ExpiresAt == null || grant.ExpiresAt > now));
    }
}
