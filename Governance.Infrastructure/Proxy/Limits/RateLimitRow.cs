using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>A limit with how much of it is used now.</summary>
/// <param name="Id">The limit.</param>
/// <param name="Scope">The kind.</param>
/// <param name="ScopeId">On whom; none for each of the kind that has no limit of its own.</param>
/// <param name="Name">What people call them; none for each of the kind.</param>
/// <param name="Values">How much is let through.</param>
/// <param name="ChangedAt">When it was last set.</param>
public sealed record RateLimitRow(Guid Id, LimitScope Scope, Guid? ScopeId, string? Name, LimitValues Values, DateTimeOffset ChangedAt)
{
    public string PublicId => Domain.PublicId.Format(Domain.PublicId.Limit, Id);

    /// <summary>What is used; of a default, by whoever uses most.</summary>
    public LimitUse Requests { get; init; }

    public LimitUse Tokens { get; init; }

    public LimitUse Concurrent { get; init; }

    /// <summary>How many it counts at the moment: one at most, unless it is a default.</summary>
    public int Active { get; init; }
}

/// <summary>What is used of a limit.</summary>
/// <param name="Limit">How much is let through; none if it is not limited.</param>
/// <param name="Used">What is used.</param>
public readonly record struct LimitUse(long? Limit, long Used)
{
    /// <summary>0 to 1, or more where calls used more tokens than they were estimated to.</summary>
    public double Share => Limit is { } limit ? (double)Used / limit : 0;
}
