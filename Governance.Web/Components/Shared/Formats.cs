using System.Globalization;
using System.Text.RegularExpressions;
using Governance.Domain.Costs;
using Governance.Domain.Organizations;

namespace Governance.Web.Components.Shared;

/// <summary>Writes figures for one viewer: numbers in their culture, instants in their time zone, money always in US dollars.</summary>
/// <remarks>The culture is kept here rather than taken from the thread: a refresh may start on a thread of the proxy.</remarks>
public sealed partial class Formats
{
    private readonly NumberFormatInfo _dollars;
    private readonly string _day;
    private readonly string _dayShort;
    private readonly string _monthShort;

    public Formats(CultureInfo culture, TimeZoneInfo zone)
    {
        (Culture, Zone) = (culture, zone);
        _dollars = (NumberFormatInfo)culture.NumberFormat.Clone();
        // Where "$" means another dollar, ours says which one it is.
        var ambiguous = _dollars.CurrencySymbol == "$" && !culture.IsNeutralCulture && culture.Name.Length > 0
            && new RegionInfo(culture.Name).ISOCurrencySymbol != "USD";
        _dollars.CurrencySymbol = ambiguous ? "US$" : "$";
        // The culture's own order of day, month and year, without the weekday and with short months.
        var dates = culture.DateTimeFormat;
        _day = Weekday().Replace(dates.LongDatePattern, "").Replace("MMMM", "MMM", StringComparison.Ordinal).Trim();
        _dayShort = dates.MonthDayPattern.Replace("MMMM", "MMM", StringComparison.Ordinal);
        _monthShort = dates.YearMonthPattern.Replace("MMMM", "MMM", StringComparison.Ordinal);
        if (culture.Name.Length == 0) (_dollars.CurrencyPositivePattern, _dollars.CurrencyNegativePattern) = (0, 1);
    }

    public CultureInfo Culture { get; }

    /// <summary>The viewer's own time zone, in which instants are shown. Days are the organisation's.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Cents, and below a cent as many digits as the amount needs to be told from zero.</summary>
    public string Money(Money money) => Dollars(money, Math.Abs(money.Dollars) is > 0 and < 0.01m ? Small(money.Dollars) : 2);

    /// <summary>As <see cref="Money(Domain.Costs.Money)"/>, but without cents where they no longer matter.</summary>
    public string MoneyShort(Money money) => Math.Abs(money.Dollars) >= 1000 ? Dollars(money, 0) : Money(money);

    /// <summary>To the nano-dollar.</summary>
    public string MoneyExact(Money money) => Dollars(money, 9);

    /// <summary>The cost of a single call: six decimals, so that a column of them lines up; nine where six show nothing.</summary>
    public string MoneyOfCall(Money money) => Dollars(money, Math.Abs(money.NanoUsd) is > 0 and < 1000 ? 9 : 6);

    /// <summary>For the ticks of an axis: $1.2K, $0.05.</summary>
    public string MoneyAxis(decimal dollars) => Math.Abs(dollars) >= 1000
        ? Scale(dollars, scaled => scaled.ToString("C1", _dollars).Replace(_dollars.CurrencyDecimalSeparator + "0", "", StringComparison.Ordinal))
        : dollars.ToString(dollars == decimal.Truncate(dollars) ? "C0" : Math.Abs(dollars) < 0.01m ? $"C{Small(dollars)}" : "C2", _dollars);

    /// <summary>All decimals the amount has, at least two.</summary>
    public string MoneyTrimmed(Money money)
    {
        var dollars = money.Dollars;
        var decimals = 2;
        while (decimals < 9 && decimal.Round(dollars, decimals) != dollars) decimals++;
        return dollars.ToString($"C{decimals}", _dollars);
    }

    /// <summary>A rate per million tokens.</summary>
    public string Rate(long nano) => MoneyTrimmed(new Money(nano));

    /// <summary>An amount of nano-dollars with a fraction, as a line of a breakdown has it.</summary>
    public string NanoExact(decimal nano) => (nano / Domain.Costs.Money.NanoPerDollar).ToString("C12", _dollars);

    public string Count(long count) => count.ToString("N0", Culture);

    /// <summary>1,234 as it is; 1.2M and 34.5K beyond ten thousand.</summary>
    public string CountShort(long count) => Math.Abs(count) < 10_000 ? Count(count) : Scale(count, scaled => scaled.ToString("#,0.#", Culture));

    public string Percent(decimal share, int decimals = 1) => share.ToString($"P{decimals}", Culture);

    /// <summary>A change with its sign; none where there was nothing before.</summary>
    public string? Change(decimal current, decimal previous)
    {
        if (previous == 0) return null;
        var change = (current - previous) / previous;
        var sign = change > 0 ? "+" : change < 0 ? "−" : "";
        var size = Math.Abs(change);
        return sign + (size >= 10 ? $"{(size + 1).ToString("#,0", Culture)}×" : Percent(size, size < 0.1m ? 1 : 0));
    }

    public string Factor(int permille) => (permille / 1000m).ToString("0.###", Culture) + "×";

    public string Day(DateOnly day) => day.ToString(_day, Culture);

    public string DayShort(DateOnly day) => day.ToString(_dayShort, Culture);

    /// <summary>The month of a day, and its year.</summary>
    public string Month(DateOnly day) => day.ToString("y", Culture);

    public string MonthShort(DateOnly day) => day.ToString(_monthShort, Culture);

    public string Days(DayRange days)
    {
        if (days.Days == 1) return Day(days.From);
        var from = days.From.Year == days.To.Year ? DayShort(days.From) : Day(days.From);
        return $"{from} – {Day(days.To)}";
    }

    public string Time(DateTimeOffset instant) => Local(instant).ToString("T", Culture);

    public string Instant(DateTimeOffset instant) => Local(instant).ToString($"{_day} {Culture.DateTimeFormat.LongTimePattern}", Culture);

    /// <summary>Without the year, for lists of what happens now.</summary>
    public string InstantShort(DateTimeOffset instant) => Local(instant).ToString($"{_dayShort} {Culture.DateTimeFormat.LongTimePattern}", Culture);

    /// <summary>Without seconds, for what happens rarely.</summary>
    public string Minute(DateTimeOffset instant) => Local(instant).ToString($"{_day} {Culture.DateTimeFormat.ShortTimePattern}", Culture);

    /// <summary>To the millisecond, in the viewer's zone and in UTC.</summary>
    public string InstantFull(DateTimeOffset instant) =>
        $"{Local(instant).ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture)} · {instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC";

    public string Duration(int milliseconds) => milliseconds < 1000
        ? $"{milliseconds.ToString("N0", Culture)} ms"
        : $"{(milliseconds / 1000m).ToString("N2", Culture)} s";

    [GeneratedRegex(@"dddd?[^\w']*|[^\w']*dddd?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Weekday();

    private DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    private string Dollars(Money money, int decimals) => money.Dollars.ToString($"C{decimals}", _dollars);

    /// <summary>Decimals that show two digits of an amount below a cent.</summary>
    private static int Small(decimal dollars)
    {
        var decimals = 3;
        for (var size = Math.Abs(dollars); size < 0.1m && decimals < 9; size *= 10) decimals++;
        while (decimals > 2 && decimal.Round(dollars, decimals) == decimal.Round(dollars, decimals - 1)) decimals--;
        return decimals;
    }

    private static string Scale(decimal value, Func<decimal, string> write) => Math.Abs(value) switch
    {
        >= 1_000_000_000 => write(value / 1_000_000_000) + "B",
        >= 1_000_000 => write(value / 1_000_000) + "M",
        _ => write(value / 1_000) + "K",
    };
}
