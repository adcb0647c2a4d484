using System.Threading.RateLimiting;

namespace Governance.Web.Security;

/// <summary>How many requests at once, and how fast that many may come again.</summary>
public sealed class RateLimit
{
    /// <summary>How many requests may come at once. 1 to 1,000,000.</summary>
    public int Permits { get; set; }

    /// <summary>In what time as many become free again, evenly. One second to one day.</summary>
    public TimeSpan Window { get; set; }

    /// <summary>A bucket of tokens that fills up evenly, so that a refusal can say exactly how long to wait.</summary>
    internal TokenBucketRateLimiterOptions ToBucket() => new()
    {
        TokenLimit = Permits,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = Window / Permits,
        QueueLimit = 0,
    };
}
