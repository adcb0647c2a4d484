using Governance.Domain.Identity.Tokens;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>Says whether an access token can be acted on now: it is genuine, in its time, and its family has not ended.</summary>
public sealed class AccessTokenVerifier(SigningKeyRing ring, TokenFamilyDirectory families, TimeProvider time, IOptions<ApiTokenOptions> options)
{
    private readonly AccessTokenRules _rules = new(options.Value.Issuer, options.Value.Audience, options.Value.ClockSkew);

    public async ValueTask<AccessTokenVerdict> VerifyAsync(string token, CancellationToken cancellation)
    {
        var published = await ring.PublishedAsync(cancellation);
        var verdict = AccessToken.Verify(token, _rules, kid => published.FirstOrDefault(key => key.Kid == kid)?.PublicKey, time.GetUtcNow());
        if (!verdict.Accepted) return verdict;
        return await families.IsFamilyAliveAsync(verdict.Claims.FamilyId, cancellation) ? verdict : TokenFault.Ended;
    }
}
