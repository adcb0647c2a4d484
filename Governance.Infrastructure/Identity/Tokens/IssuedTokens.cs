namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Tokens right after they were issued: the only moment at which they are known.</summary>
/// <param name="AccessToken">The JWT.</param>
/// <param name="ExpiresIn">How long it is valid.</param>
/// <param name="RefreshToken">What gets the next pair, once.</param>
/// <param name="RefreshExpiresAt">Until when it has to be used.</param>
/// <param name="FamilyId">What to end to end them all.</param>
/// <param name="Scope">What they are limited to, if to anything.</param>
public sealed record IssuedTokens(
    string AccessToken, TimeSpan ExpiresIn, string RefreshToken, DateTimeOffset RefreshExpiresAt, Guid FamilyId, string? Scope);

/// <summary>Where a request for tokens came from.</summary>
public sealed record TokenClient(string? IpAddress, string? UserAgent);
