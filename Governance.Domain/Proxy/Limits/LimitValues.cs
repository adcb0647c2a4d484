namespace Governance.Domain.Proxy.Limits;

/// <summary>How much a limit lets through; what is absent is not limited.</summary>
/// <param name="RequestsPerMinute">Calls in any 60 seconds.</param>
/// <param name="TokensPerMinute">Tokens in any 60 seconds, of prompts and answers together.</param>
/// <param name="ConcurrentRequests">Calls at the same time.</param>
public readonly record struct LimitValues(long? RequestsPerMinute, long? TokensPerMinute, long? ConcurrentRequests)
{
    /// <summary>The largest number that can be set.</summary>
    public const long Max = 1_000_000_000_000;

    public bool IsEmpty => RequestsPerMinute is null && TokensPerMinute is null && ConcurrentRequests is null;

    public long? Of(LimitMetric metric) => metric switch
    {
        LimitMetric.Requests => RequestsPerMinute,
        LimitMetric.Tokens => TokensPerMinute,
        _ => ConcurrentRequests,
    };

    /// <summary>What is wrong with them; none if nothing is.</summary>
    public Refusal? Check()
    {
        if (IsEmpty) return Refusal.Invalid(nameof(RequestsPerMinute), "Set at least one of requests, tokens and calls at the same time.");
        if (RequestsPerMinute is < 1 or > Max) return Refusal.Invalid(nameof(RequestsPerMinute), $"Must be 1 to {Max:N0}, or nothing for no limit.");
        if (TokensPerMinute is < 1 or > Max) return Refusal.Invalid(nameof(TokensPerMinute), $"Must be 1 to {Max:N0}, or nothing for no limit.");
        return ConcurrentRequests is < 1 or > Max ? Refusal.Invalid(nameof(ConcurrentRequests), $"Must be 1 to {Max:N0}, or nothing for no limit.") : null;
    }
}
