using System.Text.Json.Serialization;

namespace Governance.Web.Api.Tokens;

/// <summary>What the token endpoint takes.</summary>
/// <param name="GrantType">How tokens are asked for: refresh_token.</param>
/// <param name="RefreshToken">The refresh token (gvr_…).</param>
public sealed record TokenRequestBody(
    [property: JsonPropertyName("grant_type")] string GrantType,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken);
