using System.Buffers;
using System.Text.Json;

namespace Governance.Domain.Identity.Tokens;

/// <summary>What an access token says. Times are whole seconds, as JWT's NumericDate (RFC 7519, 2) is kept here.</summary>
/// <param name="Issuer"><c>iss</c>: the installation that issued it.</param>
/// <param name="Audience"><c>aud</c>: the API it is for; one only.</param>
/// <param name="PersonId"><c>sub</c>: who may act with it.</param>
/// <param name="OrganizationId"><c>org</c>: in which organisation.</param>
/// <param name="TokenId"><c>jti</c>: this token's own id.</param>
/// <param name="FamilyId"><c>sid</c>: the family of refresh tokens it came with; when that ends, so does this.</param>
/// <param name="IssuedAt"><c>iat</c>.</param>
/// <param name="NotBefore"><c>nbf</c>: the first moment at which it is valid.</param>
/// <param name="ExpiresAt"><c>exp</c>: the first moment at which it is no longer.</param>
/// <param name="Scope"><c>scope</c>: what it is limited to, names separated by spaces; none if to nothing less than the person's own rights.</param>
public sealed record AccessTokenClaims(
    string Issuer,
    string Audience,
    Guid PersonId,
    Guid OrganizationId,
    Guid TokenId,
    Guid FamilyId,
    DateTimeOffset IssuedAt,
    DateTimeOffset NotBefore,
    DateTimeOffset ExpiresAt,
    string? Scope = null)
{
    /// <summary>The last second of the year 9999, after which there is no time here.</summary>
    private const long LastSecond = 253_402_300_799;

    internal ReadOnlySpan<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", Issuer);
            json.WriteString("aud", Audience);
            json.WriteString("sub", PersonId);
            json.WriteString("org", OrganizationId);
            json.WriteString("jti", TokenId);
            json.WriteString("sid", FamilyId);
            json.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
            json.WriteNumber("nbf", NotBefore.ToUnixTimeSeconds());
            json.WriteNumber("exp", ExpiresAt.ToUnixTimeSeconds());
            if (Scope is not null) json.WriteString("scope", Scope);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    /// <summary>None if a claim is missing or not of its form. Claims it does not know are passed over.</summary>
    internal static AccessTokenClaims? FromJson(ReadOnlyMemory<byte> payload)
    {
        if (StrictJson.ReadObject(payload) is not { } claims) return null;
        if (claims.ContainsKey("scope") && claims.Text("scope") is null) return null;
        return claims.Text("iss") is { } issuer
            && claims.Text("aud") is { } audience
            && Id(claims, "sub") is { } personId
            && Id(claims, "org") is { } organizationId
            && Id(claims, "jti") is { } tokenId
            && Id(claims, "sid") is { } familyId
            && Instant(claims, "iat") is { } issuedAt
            && Instant(claims, "nbf") is { } notBefore
            && Instant(claims, "exp") is { } expiresAt
            ? new AccessTokenClaims(
                issuer, audience, personId, organizationId, tokenId, familyId, issuedAt, notBefore, expiresAt, claims.Text("scope"))
            : null;
    }

    private static Guid? Id(Dictionary<string, JsonElement> claims, string name) =>
        Guid.TryParseExact(claims.Text(name), "D", out var id) ? id : null;

    private static DateTimeOffset? Instant(Dictionary<string, JsonElement> claims, string name) =>
        claims.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= LastSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
