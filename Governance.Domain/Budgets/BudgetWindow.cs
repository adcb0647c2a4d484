namespace Governance.Domain.Budgets;

/// <summary>For how long a budget's limit holds before it begins anew. Windows are calendar periods of the organisation's reporting zone.</summary>
public enum BudgetWindow
{
    Day,

    /// <summary>From Monday (ISO 8601).</summary>
    Week,
    Month,

    /// <summary>For ever: it never begins anew.</summary>
    Total,
}

public static class BudgetWindows
{
    /// <summary>The first day of the window that a day falls into.</summary>
    public static DateOnly StartOf(this BudgetWindow window, DateOnly day) => window switch
    {
        BudgetWindow.Day => day,
        BudgetWindow.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        BudgetWindow.Month => new DateOnly(day.Year, day.Month, 1),
        BudgetWindow.Total => DateOnly.MinValue,
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "No such window."),
    };

    /// <summary>The first day after the window that begins on a day; none for one that does not end.</summary>
    public static DateOnly? EndOf(this BudgetWindow window, DateOnly start) => window switch
    {
        BudgetWindow.Day => start.AddDays(1),
        BudgetWindow.Week => start.AddDays(7),
        BudgetWindow.Month => start.AddMonths(1),
        _ => null,
    };
}
