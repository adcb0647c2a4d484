namespace Governance.Domain.Proxy.Limits;

/// <summary>The wait that an answer tells.</summary>
public static class RetryAfter
{
    /// <summary>The smallest whole number of seconds after which a moment is reached; at least one, because the header knows no less.</summary>
    public static int Seconds(DateTimeOffset now, DateTimeOffset until) =>
        (int)Math.Clamp(((until - now).Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond, 1, int.MaxValue);
}
