using Governance.Infrastructure.Identity.Tokens;

namespace Governance.Web.Api.Tokens;

/// <summary><c>grant_type=refresh_token</c> (RFC 6749, 6): the next access token for a refresh token, which is replaced.</summary>
internal sealed class RefreshTokenGrant(AccessTokenService tokens) : ITokenGrant
{
    public string Type => "refresh_token";

    public async Task<TokenGrantResult> GrantAsync(TokenRequest request, HttpContext http)
    {
        if (request["refresh_token"] is not { } refreshToken) return TokenError.InvalidRequest("The parameter refresh_token is missing.");

        var client = new TokenClient(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString());
        var refreshed = await tokens.RefreshAsync(refreshToken, client, http.RequestAborted);
        return refreshed.Succeeded ? refreshed.Value : TokenError.InvalidGrant(refreshed.Refusal.Message);
    }
}
