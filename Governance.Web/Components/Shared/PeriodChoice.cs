using System.Globalization;
using Governance.Domain.Organizations;

namespace Governance.Web.Components.Shared;

/// <summary>The period a page shows, as its URL says it: a named one that moves with the calendar, or two days.</summary>
/// <param name="Name">The name in the URL; none for two days of one's own.</param>
/// <param name="Days">What it means today.</param>
/// <param name="Compare">Whether figures are set against the period before.</param>
public sealed record PeriodChoice(string? Name, DayRange Days, bool Compare = true)
{
    public const string Default = "last-30-days";
    private const int MaxDays = 800;

    public static IReadOnlyList<(string Name, string Label)> Named { get; } =
    [
        ("today", "Today"),
        ("yesterday", "Yesterday"),
        ("last-7-days", "Last 7 days"),
        ("last-30-days", "Last 30 days"),
        ("last-90-days", "Last 90 days"),
        ("this-month", "This month"),
        ("last-month", "Last month"),
    ];

    /// <summary>Reads the URL; what cannot be read is the default.</summary>
    public static PeriodChoice Parse(string? period, string? from, string? to, string? compare, DateOnly today)
    {
        var compares = compare != "off";
        if (TryDay(from, out var first) && TryDay(to, out var last) && first <= last && last.DayNumber - first.DayNumber < MaxDays)
            return new PeriodChoice(null, new DayRange(first, last), compares);

        var name = Named.Any(named => named.Name == period) ? period! : Default;
        return new PeriodChoice(name, DaysOf(name, today), compares);
    }

    /// <summary>What the period before is for comparisons.</summary>
    public DayRange Previous => Days.Previous();

    /// <summary>Whether the last day is still running: a comparison sets it against whole days.</summary>
    public bool IsRunning(DateOnly today) => Days.Contains(today);

    /// <summary>Other days, compared as these are.</summary>
    public PeriodChoice Over(DayRange days) => new(null, days, Compare);

    public string Label(Formats formats) => Named.FirstOrDefault(named => named.Name == Name).Label ?? formats.Days(Days);

    /// <summary>How it stands in a URL; the default leaves no trace.</summary>
    public IEnumerable<(string Name, string? Value)> Query() =>
    [
        ("period", Name == Default ? null : Name),
        ("from", Name is null ? Iso(Days.From) : null),
        ("to", Name is null ? Iso(Days.To) : null),
        ("compare", Compare ? null : "off"),
    ];

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static bool TryDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    public static DayRange DaysOf(string name, DateOnly today) => name switch
    {
        "today" => new DayRange(today, today),
        "yesterday" => new DayRange(today.AddDays(-1), today.AddDays(-1)),
        "last-7-days" => DayRange.Last(7, today),
        "last-90-days" => DayRange.Last(90, today),
        "this-month" => DayRange.MonthToDate(today),
        "last-month" => new DayRange(new DateOnly(today.Year, today.Month, 1).AddMonths(-1), new DateOnly(today.Year, today.Month, 1).AddDays(-1)),
        _ => DayRange.Last(30, today),
    };
}
