namespace Governance.Web.Security;

/// <summary>One of the named limits.</summary>
public sealed class RateLimitRule
{
    /// <summary>For all callers at one address (IPv6: one /64 network) together.</summary>
    public RateLimit PerAddress { get; set; } = new();

    /// <summary>For one person or key, whatever address it comes from.</summary>
    public RateLimit PerCaller { get; set; } = new();
}
