using System.Text.Json.Serialization;
using Governance.Infrastructure.Identity.Tokens;

namespace Governance.Web.Api.Tokens;

/// <summary>Tokens (RFC 6749, 5.1).</summary>
/// <param name="AccessToken">Send it as 'Authorization: Bearer …'.</param>
/// <param name="TokenType">Always Bearer.</param>
/// <param name="ExpiresIn">How many seconds the access token is valid.</param>
/// <param name="RefreshToken">Good for one refresh; using it again ends every token of this sign-in.</param>
/// <param name="Scope">What the tokens are limited to; absent if to nothing less than the person's own rights.</param>
public sealed record TokenReply(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string RefreshToken,
    [property: JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scope)
{
    internal static TokenReply Of(IssuedTokens tokens) =>
        new(tokens.AccessToken, "Bearer", (long)tokens.ExpiresIn.TotalSeconds, tokens.RefreshToken, tokens.Scope);
}
