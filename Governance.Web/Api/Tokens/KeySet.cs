using Governance.Domain.Identity.Tokens;
using Governance.Infrastructure.Identity.Tokens;

namespace Governance.Web.Api.Tokens;

/// <summary>The public signing keys (RFC 7517, 5).</summary>
public sealed record KeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>One of them (RFC 7518, 6.2).</summary>
public sealed record JsonWebKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg)
{
    internal static JsonWebKey Of(SigningKey key) => new("EC", "P-256", key.X, key.Y, key.Kid, "sig", AccessToken.Algorithm);
}
