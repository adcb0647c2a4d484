using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.AspNetCore.Authorization;

namespace Governance.Web.Identity.Access;

/// <summary>Asks for a permission as the services do: what the actor may do now, not what a cookie once said.</summary>
internal sealed class PermissionHandler(AccessControl access, SessionDirectory sessions) : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User.FindActor() is not { } actor) return;
        if (actor.SessionId is { } id && await sessions.FindAsync(id, active: false, CancellationToken.None) is null or { MustEnrol: true }) return;
        if (requirement.Permission is null || await access.MayAsync(actor, requirement.Permission, CancellationToken.None)) context.Succeed(requirement);
    }
}
