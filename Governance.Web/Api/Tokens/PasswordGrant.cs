using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Web.Identity;

namespace Governance.Web.Api.Tokens;

/// <summary>
/// <c>grant_type=password</c> with <c>username</c>, <c>password</c> and, for who has an authenticator app, its code as <c>otp</c>; <c>scope</c>
/// may limit the tokens to some permissions. Every wrong answer is the same.
/// </summary>
internal sealed class PasswordGrant(
    PasswordSignIn passwords, SecondFactorPolicy policy, SecondFactorCheck codes, SignInThrottle throttle, AccessTokenService tokens) : ITokenGrant
{
    private static readonly TokenError Wrong = TokenError.InvalidGrant("The user name, the password or the otp is wrong, or the account is locked for a while.");

    public string Type => "password";

    public async Task<TokenGrantResult> GrantAsync(TokenRequest request, HttpContext http)
    {
        if (request["username"] is not { } username) return TokenError.InvalidRequest("The parameter username is missing.");
        if (request["password"] is not { Length: <= 1024 } password) return TokenError.InvalidRequest("The parameter password is missing or too long.");
        var scopes = (request["scope"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (scopes.FirstOrDefault(scope => !Permissions.Exists(scope)) is not null)
            return new TokenError("invalid_scope", "A scope is the name of a permission, such as costs.read; several are separated by spaces.");

        var check = await passwords.CheckAsync(username, password, http.Origin(), http.RequestAborted);
        if (!check.Succeeded) return Wrong;
        var person = check.Value;
        var factors = await policy.OfAsync(person.OrganizationId, person.Id, http.RequestAborted);
        if (!factors.Any && await policy.NeedsAsync(person.OrganizationId, person.Id, http.RequestAborted))
            return TokenError.InvalidGrant("This account needs a second factor. Sign in with a browser once and set it up.");
        if (factors.Any && !await CheckCodeAsync(person, request["otp"], http)) return Wrong;
        if (!factors.Any && !await throttle.RecordSuccessAsync(person.OrganizationId, person.Id)) return Wrong;

        var client = new TokenClient(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString());
        return await tokens.IssueAsync(person, client, scopes.Length == 0 ? null : string.Join(' ', scopes), http.RequestAborted);
    }

    private async Task<bool> CheckCodeAsync(Person person, string? code, HttpContext http)
    {
        var actor = new Actor(ActorKind.Person, person.Id, person.OrganizationId, null, null, http.Origin().IpAddress, http.Origin().UserAgent);
        return (await codes.VerifyCodeAsync(actor, person.Id, code ?? "", http.RequestAborted)).Succeeded;
    }
}
