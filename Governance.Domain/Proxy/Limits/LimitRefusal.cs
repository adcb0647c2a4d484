namespace Governance.Domain.Proxy.Limits;

/// <summary>The limit that refuses a call: of several, the one that has to be waited for longest.</summary>
/// <param name="Scope">Whose limit.</param>
/// <param name="Metric">Of what.</param>
/// <param name="Limit">How much it lets through.</param>
/// <param name="Amount">What the call needs of it.</param>
/// <param name="RetryAfter">After how many seconds the call would be let through; none if it never is, because it needs more than the limit.</param>
public sealed record LimitRefusal(LimitScope Scope, LimitMetric Metric, long Limit, long Amount, int? RetryAfter)
{
    /// <summary>The answer to the caller.</summary>
    public ProxyError ToError() => RetryAfter is { } seconds
        ? ProxyErrors.RateLimited(this, seconds)
        : ProxyErrors.LargerThanLimit(this);

    internal string Whose => Scope switch
    {
        LimitScope.Key => "this key",
        LimitScope.Application => "this application",
        LimitScope.Team => "this team",
        LimitScope.Person => "this person",
        _ => "this network address",
    };
}
