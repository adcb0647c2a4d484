using System.Diagnostics.CodeAnalysis;

namespace Governance.Domain.Identity.Tokens;

/// <summary>What became of an access token: its claims, or the fault for which it is refused.</summary>
public readonly record struct AccessTokenVerdict(AccessTokenClaims? Claims, TokenFault? Fault)
{
    [MemberNotNullWhen(true, nameof(Claims))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool Accepted => Claims is not null && Fault is null;

    public static implicit operator AccessTokenVerdict(AccessTokenClaims claims) => new(claims, null);

    public static implicit operator AccessTokenVerdict(TokenFault fault) => new(null, fault);
}
