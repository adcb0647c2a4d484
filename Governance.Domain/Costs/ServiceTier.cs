namespace Governance.Domain.Costs;

/// <summary>The service tiers that change what a token costs.</summary>
public enum ServiceTier
{
    Standard,
    Batch,
    Flex,
    Priority,
}

public static class ServiceTiers
{
    /// <summary>
    /// Reads the tier a provider reported. OpenAI answers <c>default</c>, <c>flex</c>, <c>priority</c> (also called
    /// <c>fast</c>) or <c>batch</c>; what is absent or unknown is billed at the standard rate.
    /// </summary>
    public static ServiceTier Parse(string? reported) => reported switch
    {
        "batch" => ServiceTier.Batch,
        "flex" => ServiceTier.Flex,
        "priority" or "fast" => ServiceTier.Priority,
        _ => ServiceTier.Standard,
    };
}
