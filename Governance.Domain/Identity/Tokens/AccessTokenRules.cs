namespace Governance.Domain.Identity.Tokens;

/// <summary>What a verifier expects of an access token.</summary>
/// <param name="Issuer">The only issuer it trusts.</param>
/// <param name="Audience">Its own name.</param>
/// <param name="ClockSkew">By how much the clocks of issuer and verifier may differ.</param>
public sealed record AccessTokenRules(string Issuer, string Audience, TimeSpan ClockSkew);
