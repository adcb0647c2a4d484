namespace Governance.Infrastructure.Proxy.Caching;

/// <summary>A provider's whole answer as it was sent to a caller, and what it had cost.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Headers">What its head says about the answer itself.</param>
/// <param name="Result">How the call ended that it was for.</param>
/// <param name="CostNanoUsd">What that call cost.</param>
public sealed record CachedAnswer(byte[] Body, IReadOnlyList<KeyValuePair<string, string?[]>> Headers, CallResult Result, long CostNanoUsd)
{
    /// <summary>How a call ends that is answered with it: nothing is used, and its cost is saved.</summary>
    public CallResult ToHit(DateTimeOffset at) => new(Result.Outcome, at)
    {
        Status = Result.Status,
        Site = Result.Site,
        ActualModel = Result.ActualModel,
        ServiceTier = Result.ServiceTier,
        Operation = Result.Operation,
        SavedNanoUsd = CostNanoUsd,
    };
}
