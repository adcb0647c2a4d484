using System.Security.Claims;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Governance.Web.Identity;

/// <summary>What a principal says: who, in which organisation, in which session. What they may do is looked up when they do it.</summary>
internal sealed class GovernanceClaims(UserManager<Person> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Person>(users, options)
{
    public const string Organization = "organization";
    public const string DisplayName = "display_name";
    public const string Session = "session";
    public const string Kind = "kind";

    /// <summary>A permission that a token is limited to; absent, it is not limited.</summary>
    public const string Scope = "scope";

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Person user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Organization, user.OrganizationId.ToString()));
        identity.AddClaim(new Claim(DisplayName, user.DisplayName));
        return identity;
    }
}

/// <summary>From claims to the actor that services authorise.</summary>
public static class ActorClaims
{
    /// <summary>The actor behind a principal that this application authenticated.</summary>
    /// <exception cref="InvalidOperationException">The principal is not one of ours.</exception>
    public static Actor ToActor(this ClaimsPrincipal principal, HttpContext? http = null) =>
        principal.FindActor(http?.Connection.RemoteIpAddress?.ToString(), http?.Request.Headers.UserAgent.ToString())
        ?? throw new InvalidOperationException("The principal carries no person and organisation.");

    /// <summary>The actor behind a principal; none if nobody is signed in.</summary>
    public static Actor? FindActor(this ClaimsPrincipal principal, string? ipAddress = null, string? userAgent = null)
    {
        if (principal.Identity?.IsAuthenticated is not true
            || !Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            || !Guid.TryParse(principal.FindFirstValue(GovernanceClaims.Organization), out var organizationId))
            return null;

        var kind = principal.HasClaim(GovernanceClaims.Kind, nameof(ActorKind.ServiceAccount)) ? ActorKind.ServiceAccount : ActorKind.Person;
        var scopes = principal.FindAll(GovernanceClaims.Scope).Select(claim => claim.Value).ToList();
        return new Actor(
            kind, id, organizationId, kind == ActorKind.ServiceAccount || scopes.Count > 0 ? scopes : null, principal.SessionId(), ipAddress, userAgent);
    }

    public static Guid? SessionId(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(GovernanceClaims.Session), out var session) ? session : null;
}
