using System.Globalization;

namespace Governance.Domain.Proxy.Resilience;

/// <summary>Reads how long a provider asks callers to wait (RFC 9110, 10.2.3), and writes it.</summary>
public static class RetryAfter
{
    /// <summary>OpenAI's and Azure's, in milliseconds; it is the more precise of the two.</summary>
    public const string MillisecondsHeader = "retry-after-ms";

    public const string Header = "Retry-After";

    /// <summary>Longer is nobody's wait, and would not fit where it is added to a time.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly string[] Dates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>How long to wait; none if neither header says so.</summary>
    /// <param name="milliseconds">The value of <see cref="MillisecondsHeader"/>.</param>
    /// <param name="value">The value of <see cref="Header"/>: seconds, or the date of HTTP in any of its three forms.</param>
    /// <param name="now">What a date is counted from; one that is past means now.</param>
    public static TimeSpan? Read(string? milliseconds, string? value, DateTimeOffset now)
    {
        if (Number(milliseconds) is { } ms) return Bounded(ms / 1000);
        if (Number(value) is { } seconds) return Bounded(seconds);
        return DateTimeOffset.TryParseExact(
            value?.Trim(), Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var at)
            ? Bounded((decimal)(at - now).TotalSeconds)
            : null;
    }

    /// <summary>Whole seconds, rounded up: who comes back then is not too early.</summary>
    public static string Write(TimeSpan wait) => Seconds(wait).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Write"/>
    public static long Seconds(TimeSpan wait) => wait <= TimeSpan.Zero ? 0 : (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    private static decimal? Number(string? text) =>
        decimal.TryParse(text?.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan Bounded(decimal seconds) =>
        TimeSpan.FromTicks((long)(Math.Clamp(seconds, 0, (decimal)Longest.TotalSeconds) * TimeSpan.TicksPerSecond));
}
