using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

/// <summary>Counts what one person or key does under a named limit, wherever it comes from.</summary>
internal sealed class CallerLimits(IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<Counter> _limiter = Create(options.Value.All.ToDictionary(named => named.Name, named => named.Rule.PerCaller));

    /// <summary>Counts one request.</summary>
    /// <param name="policy">One of <see cref="RateLimits"/>.</param>
    /// <param name="caller">A person's address or id, or a key's id.</param>
    /// <returns>None if it may go on, else how long to wait.</returns>
    public TimeSpan? Take(string policy, string caller)
    {
        using var lease = _limiter.AttemptAcquire(new Counter(policy, LimitBucket.Of(caller.Trim().ToUpperInvariant())));
        return lease.IsAcquired ? null : TooManyRequests.WaitOf(lease);
    }

    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<Counter> Create(Dictionary<string, RateLimit> limits) =>
        PartitionedRateLimiter.Create<Counter, Counter>(counter =>
            RateLimitPartition.GetTokenBucketLimiter(counter, key => limits[key.Policy].ToBucket()));

    private readonly record struct Counter(string Policy, int Bucket);
}
