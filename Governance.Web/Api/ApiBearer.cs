using System.Security.Claims;
using System.Text.Encodings.Web;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Governance.Web.Api;

/// <summary>
/// Recognises who calls the API by <c>Authorization: Bearer</c>: a service account by its key (gvs_…), a person by an access token.
/// The API takes nothing else, in particular no cookie.
/// </summary>
internal sealed class ApiBearer(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ServiceAccountService accounts,
    AccessTokenVerifier tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "api-bearer";
    public const string Policy = "api";

    /// <summary>The claim that names the family of tokens a person calls with.</summary>
    public const string TokenFamily = "token_family";

    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Token is not { } token) return AuthenticateResult.NoResult();
        return SecretKey.HasShape(SecretKey.ServiceAccountPrefix, token) ? await ServiceAccountAsync(token) : await PersonAsync(token);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Token is null ? "Bearer" : "Bearer error=\"invalid_token\""; // RFC 6750, 3.1
        await ApiProblems.Unauthorized.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblems.Forbidden.ExecuteAsync(Context);

    /// <summary>What was presented; none if nothing was.</summary>
    private string? Token => Request.Headers.Authorization.ToString() is var header && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        ? header[Prefix.Length..].Trim()
        : null;

    private async Task<AuthenticateResult> ServiceAccountAsync(string key)
    {
        if (await accounts.AuthenticateAsync(key, Context.RequestAborted) is not { } actor)
            return AuthenticateResult.Fail("The key is unknown or was revoked.");
        return Success(
            [
                new Claim(ClaimTypes.NameIdentifier, actor.Id.ToString()!),
                new Claim(GovernanceClaims.Organization, actor.OrganizationId.ToString()),
                new Claim(GovernanceClaims.Kind, nameof(ActorKind.ServiceAccount)),
                .. actor.Scopes!.Select(scope => new Claim(GovernanceClaims.Scope, scope)),
            ]);
    }

    private async Task<AuthenticateResult> PersonAsync(string token)
    {
        var verdict = await tokens.VerifyAsync(token, Context.RequestAborted);
        if (!verdict.Accepted) return AuthenticateResult.Fail($"The access token is refused: {verdict.Fault}.");

        var claims = verdict.Claims;
        return Success(
            [
                new Claim(ClaimTypes.NameIdentifier, claims.PersonId.ToString()),
                new Claim(GovernanceClaims.Organization, claims.OrganizationId.ToString()),
                new Claim(TokenFamily, claims.FamilyId.ToString()),
                .. (claims.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(scope => new Claim(GovernanceClaims.Scope, scope)),
            ]);
    }

    private static AuthenticateResult Success(IEnumerable<Claim> claims) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme)), Scheme));
}
