using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Identity.Tokens;

namespace Governance.Domain.Tests.Identity.Tokens;

/// <summary>An installation's key and what it may issue, and the means to forge what it would not.</summary>
internal sealed class TokenForge : IDisposable
{
    public const string Issuer = "https://governance.example";
    public const string Audience = "governance-api";

    public static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Es256PublicKey PublicKey => Es256PublicKey.Of(Key);

    public string Kid => PublicKey.Thumbprint;

    public AccessTokenClaims Claims { get; } = new(
        Issuer, Audience, Id(1), Id(2), Id(3), Id(4), Now, Now, Now.AddMinutes(15), "costs:read requests:read");

    public string Valid => AccessToken.Issue(Claims, Kid, Key);

    public string GoodHeader => $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{Kid}}"}""";

    public static string GoodPayload =>
        $$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"{{Id(1)}}","org":"{{Id(2)}}","jti":"{{Id(3)}}","sid":"{{Id(4)}}","iat":{{Now.ToUnixTimeSeconds()}},"nbf":{{Now.ToUnixTimeSeconds()}},"exp":{{Now.AddMinutes(15).ToUnixTimeSeconds()}}}""";

    /// <summary>Signs anything with the installation's own key.</summary>
    public string Sign(string header, string payload) => CompactJws.Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload), Key);

    public AccessTokenVerdict Verify(string token, DateTimeOffset? at = null) => AccessToken.Verify(
        token, new AccessTokenRules(Issuer, Audience, Skew), kid => kid == Kid ? PublicKey : null, at ?? Now);

    public void Dispose() => Key.Dispose();

    private static Guid Id(byte last) => new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last);
}
