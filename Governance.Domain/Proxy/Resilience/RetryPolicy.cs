namespace Governance.Domain.Proxy.Resilience;

/// <summary>Whether a failed attempt is repeated at the same connection, and when.</summary>
public sealed class RetryPolicy(RetryRules rules)
{
    /// <summary>
    /// With these statuses providers say that they have not done the work. 529 is Anthropic's "overloaded"
    /// (docs.claude.com/en/api/errors). Another failure may have cost money, and repeating it could cost it twice.
    /// </summary>
    public static bool MayRepeat(int status) => status is 408 or 429 or 500 or 502 or 503 or 504 or 529;

    /// <summary>
    /// With these, too, no work was done, and another connection may do it: what was refused is the connection's own key, not the caller's.
    /// </summary>
    public static bool MayFallBack(int status) => status is 401 or 403 || MayRepeat(status);

    /// <summary>What an answer's status says about the connection. A caller's mistake is none of its, and being busy for a moment is no failure.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="wait">How long the provider asks to wait.</param>
    /// <param name="longWait">From how long on that is a failure.</param>
    public static AttemptVerdict Judge(int status, TimeSpan? wait, TimeSpan longWait) => status switch
    {
        429 => wait >= longWait ? AttemptVerdict.Failed : AttemptVerdict.Nothing,
        408 => AttemptVerdict.Nothing,
        >= 500 => AttemptVerdict.Failed,
        _ => AttemptVerdict.Sound,
    };

    /// <summary>How long to wait before the next attempt at the connection; none if there is to be none.</summary>
    /// <param name="attempt">The attempt that failed; 1 for the first at this connection.</param>
    /// <param name="wait">How long the provider asks to wait; none if it does not say.</param>
    /// <param name="random">
    /// Full jitter, so that callers who failed together do not come back together
    /// (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
    /// </param>
    public TimeSpan? Delay(int attempt, TimeSpan? wait, Random random)
    {
        if (attempt >= rules.Attempts) return null;
        if (wait is { } asked) return asked <= rules.MaxRetryAfter ? asked : null;
        var most = Math.Min(rules.BaseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), rules.MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(most * random.NextDouble());
    }
}
