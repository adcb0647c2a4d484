using Governance.Infrastructure.Identity.Tokens;

namespace Governance.Web.Api.Tokens;

/// <summary>A way to obtain tokens at the token endpoint (RFC 6749, 1.3), one for each <c>grant_type</c>.</summary>
internal interface ITokenGrant
{
    /// <summary>The value of <c>grant_type</c> that asks for it.</summary>
    string Type { get; }

    Task<TokenGrantResult> GrantAsync(TokenRequest request, HttpContext http);
}

/// <summary>Tokens, or why there are none.</summary>
internal readonly record struct TokenGrantResult(IssuedTokens? Tokens, TokenError? Error)
{
    public static implicit operator TokenGrantResult(IssuedTokens tokens) => new(tokens, null);

    public static implicit operator TokenGrantResult(TokenError error) => new(null, error);
}
