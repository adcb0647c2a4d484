using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Governance.Domain.Identity.Tokens;

/// <summary>
/// Access tokens after RFC 9068 (JWT profile) and RFC 8725 (best current practice): signed with ES256 by a key of this installation,
/// which the header may name and in no way bring along. They carry no <c>client_id</c>, because clients are not registered here.
/// </summary>
public static class AccessToken
{
    public const string Algorithm = "ES256";
    public const string Type = "at+jwt";

    /// <summary>Writes the plus of at+jwt as it is: equal in JSON, but not to every reader of headers.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Issue(AccessTokenClaims claims, string kid, ECDsa key) => CompactJws.Sign(Header(kid), claims.ToJson(), key);

    /// <param name="token">What a caller presents; anything.</param>
    /// <param name="rules">What is expected of it.</param>
    /// <param name="findKey">The published key of a <c>kid</c>; none if there is none.</param>
    /// <param name="now">The time.</param>
    public static AccessTokenVerdict Verify(string token, AccessTokenRules rules, Func<string, Es256PublicKey?> findKey, DateTimeOffset now)
    {
        // 1. The form, which bounds all that follows.
        if (CompactJws.Parse(token) is not { } jws) return TokenFault.Malformed;

        // 2. The header. It says which of our keys signed, and nothing else that would be listened to.
        if (StrictJson.ReadObject(jws.Header) is not { } header) return TokenFault.MalformedHeader;
        if (header.Keys.Any(name => name is not ("alg" or "typ" or "kid"))) return TokenFault.ForbiddenHeader;
        if (header.Text("alg") != Algorithm) return TokenFault.WrongAlgorithm;
        if (header.Text("typ") != Type) return TokenFault.WrongType;
        if (header.Text("kid") is not { } kid || findKey(kid) is not { } key) return TokenFault.UnknownKey;

        // 3. The signature, before a word of the payload is read.
        if (!jws.IsSignedBy(key)) return TokenFault.WrongSignature;

        // 4. The claims.
        if (AccessTokenClaims.FromJson(jws.Payload) is not { } claims) return TokenFault.MalformedClaims;
        if (claims.Issuer != rules.Issuer) return TokenFault.WrongIssuer;
        if (claims.Audience != rules.Audience) return TokenFault.WrongAudience;
        if (now + rules.ClockSkew < claims.NotBefore || now + rules.ClockSkew < claims.IssuedAt) return TokenFault.NotYetValid;
        if (now - rules.ClockSkew >= claims.ExpiresAt) return TokenFault.Expired;
        return claims;
    }

    private static ReadOnlySpan<byte> Header(string kid)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("alg", Algorithm);
            json.WriteString("typ", Type);
            json.WriteString("kid", kid);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
