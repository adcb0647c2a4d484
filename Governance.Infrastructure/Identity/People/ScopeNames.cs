using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Invitations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.People;

/// <summary>How roles, teams and applications are called.</summary>
internal sealed record ScopeNames(RoleCatalog Catalog, IReadOnlyDictionary<Guid, string> Teams, IReadOnlyDictionary<Guid, string> Applications)
{
    public static async Task<ScopeNames> LoadAsync(GovernanceDbContext db, CancellationToken cancellation) => new(
        await db.LoadRoleCatalogAsync(cancellation),
        await db.Teams.ToDictionaryAsync(team => team.Id, team => team.Name, cancellation),
        await db.Applications.ToDictionaryAsync(application => application.Id, application => application.Name, cancellation));

    public RoleHeld Held(RoleGrant grant) =>
        new(grant.Role, DisplayName(grant.Role), grant.Scope, NameOf(grant.Scope), grant.GrantedAt, grant.ExpiresAt, grant.Reason);

    /// <summary>The role an invitation hands out, if it does.</summary>
    public IReadOnlyList<RoleHeld> Held(Invitation invitation) => invitation.Role is not { } role
        ? []
        : [new(role, DisplayName(role), invitation.Scope, NameOf(invitation.Scope), invitation.CreatedAt, null, null)];

    public TeamName? TeamOf(Invitation invitation) => invitation.TeamId is { } id && Teams.TryGetValue(id, out var name)
        ? new TeamName(id, name, invitation.Role == Roles.TeamLead && invitation.Scope == AccessScope.Team(id))
        : null;

    private string DisplayName(string role) => Catalog.Find(role)?.DisplayName ?? role;

    private string? NameOf(AccessScope scope) => scope.Kind switch
    {
        ScopeKind.Team => Teams.GetValueOrDefault(scope.Id ?? default, "a team that is gone"),
        ScopeKind.Application => Applications.GetValueOrDefault(scope.Id ?? default, "an application that is gone"),
        _ => null,
    };
}
