using Governance.Domain.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Governance.Web.Identity.Access;

/// <summary>
/// Makes a policy of every permission's name, so that <c>[Authorize(Permissions.CostsRead)]</c> on a page or a route asks for it.
/// </summary>
internal sealed class PermissionPolicies(IOptions<AuthorizationOptions> options) : IAuthorizationPolicyProvider
{
    private readonly DefaultAuthorizationPolicyProvider _others = new(options);

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Permissions.Exists(policyName)
        ? Task.FromResult<AuthorizationPolicy?>(new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(policyName)).Build())
        : _others.GetPolicyAsync(policyName);

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => _others.GetDefaultPolicyAsync();

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => _others.GetFallbackPolicyAsync();
}

/// <summary>The actor must hold a permission somewhere in the organisation; the services look at where.</summary>
/// <param name="Permission">The permission; none where being signed in is enough.</param>
internal sealed record PermissionRequirement(string? Permission) : IAuthorizationRequirement;
