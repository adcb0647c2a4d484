using System.Globalization;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Data;

namespace Governance.Web.Api;

/// <summary>
/// Reads the parameters <c>from</c> and <c>to</c>. A date names a whole day of the organisation's reporting zone, so
/// <c>to=2026-11-30</c> includes the 30th; an instant (RFC 3339) is exact, and as <c>to</c> it is excluded.
/// </summary>
internal static class ApiRange
{
    private const int DefaultDays = 30;

    /// <summary>The range, or the parameter that is wrong. Without <c>from</c> it starts 30 days before its end; without <c>to</c> it ends now.</summary>
    public static (TimeRange Range, string? Parameter, string? Error) Read(string? from, string? to, ReportingZone zone, DateTimeOffset now)
    {
        DateTimeOffset? start = null, end = null;
        if (!string.IsNullOrEmpty(from) && (start = Instant(from, zone, 0)) is null) return (default, "from", Expected);
        if (!string.IsNullOrEmpty(to) && (end = Instant(to, zone, 1)) is null) return (default, "to", Expected);

        var until = end ?? now.AddMinutes(1);
        var since = start ?? zone.StartOf(zone.DayOf(until).AddDays(1 - DefaultDays));
        return since < until ? (new TimeRange(since, until), null, null) : (default, "from", "it must lie before 'to'.");
    }

    private const string Expected = "give a date such as 2026-11-30, or an instant such as 2026-11-30T08:00:00Z.";

    /// <summary>Nothing was recorded outside, and days can be counted from there.</summary>
    private static bool IsKnown(int year) => year is > 1970 and < 9000;

    private static DateTimeOffset? Instant(string text, ReportingZone zone, int daysAfterDate)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return IsKnown(day.Year) ? zone.StartOf(day.AddDays(daysAfterDate)) : null;
        return text.Contains('T', StringComparison.OrdinalIgnoreCase)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            && IsKnown(instant.Year)
            ? instant
            : null;
    }
}
