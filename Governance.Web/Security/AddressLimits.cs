using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

/// <summary>Registers the named limits with the framework's rate limiter, by address.</summary>
internal sealed class AddressLimits(IOptions<RateLimitOptions> limits, ILogger<AddressLimits> logger) : IConfigureOptions<RateLimiterOptions>
{
    public void Configure(RateLimiterOptions options)
    {
        foreach (var (name, _, rule) in limits.Value.All) options.AddPolicy(name, http => PartitionOf(http, name, rule.PerAddress));
        options.OnRejected = (rejected, _) =>
        {
            var http = rejected.HttpContext;
            Log.TooMany(logger, http.Request.Path, http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName ?? "", "per address");
            return new ValueTask(TooManyRequests.RefuseAsync(http, TooManyRequests.WaitOf(rejected.Lease)));
        };
    }

    /// <summary>A page is read freely; only its form counts.</summary>
    private static RateLimitPartition<int> PartitionOf(HttpContext http, string policy, RateLimit limit) =>
        policy == RateLimits.Api || HttpMethods.IsPost(http.Request.Method)
            ? RateLimitPartition.GetTokenBucketLimiter(LimitBucket.Of(http.Connection.RemoteIpAddress), _ => limit.ToBucket())
            : RateLimitPartition.GetNoLimiter(-1);
}
