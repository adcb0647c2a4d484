namespace Governance.Domain.Organizations;

/// <summary>Whole days of an organisation's reporting zone, both ends included.</summary>
public readonly record struct DayRange(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>The same number of days right before; for whole months, the months before, and for a month to date, the month before to the same day.</summary>
    public DayRange Previous()
    {
        if (From.Day == 1 && From.Year == To.Year && From.Month == To.Month)
        {
            var first = From.AddMonths(-1);
            var wholeMonth = To == LastOfMonth(From);
            return new DayRange(first, wholeMonth ? LastOfMonth(first) : Min(To.AddMonths(-1), LastOfMonth(first)));
        }

        if (From.Day == 1 && To == LastOfMonth(To))
        {
            var months = (To.Year - From.Year) * 12 + To.Month - From.Month + 1;
            return new DayRange(From.AddMonths(-months), From.AddDays(-1));
        }

        return new DayRange(From.AddDays(-Days), From.AddDays(-1));
    }

    public bool Contains(DateOnly day) => From <= day && day <= To;

    public IEnumerable<DateOnly> EachDay()
    {
        for (var day = From; day <= To; day = day.AddDays(1)) yield return day;
    }

    public static DayRange MonthToDate(DateOnly today) => new(new DateOnly(today.Year, today.Month, 1), today);

    public static DayRange Last(int days, DateOnly today) => new(today.AddDays(1 - days), today);

    private static DateOnly LastOfMonth(DateOnly day) => new(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month));

    private static DateOnly Min(DateOnly left, DateOnly right) => left < right ? left : right;
}
