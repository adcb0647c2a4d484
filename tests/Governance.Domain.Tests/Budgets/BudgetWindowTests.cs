using Governance.Domain.Budgets;

namespace Governance.Domain.Tests.Budgets;

public sealed class BudgetWindowTests
{
    [Theory]
    [InlineData(BudgetWindow.Day, "2026-11-28", "2026-11-28", "2026-11-29")]
    [InlineData(BudgetWindow.Week, "2026-11-29", "2026-11-23", "2026-11-30")] // A Sunday belongs to the week of the Monday before.
    [InlineData(BudgetWindow.Week, "2026-11-30", "2026-11-30", "2026-12-07")]
    [InlineData(BudgetWindow.Week, "2027-01-01", "2026-12-28", "2027-01-04")]
    [InlineData(BudgetWindow.Month, "2028-02-29", "2028-02-01", "2028-03-01")]
    [InlineData(BudgetWindow.Total, "2026-11-28", "0001-01-01", null)]
    public void StartOf_Day_IsTheFirstOfItsWindow(BudgetWindow window, string day, string start, string? end)
    {
        Assert.Equal(DateOnly.Parse(start), window.StartOf(DateOnly.Parse(day)));
        Assert.Equal(end is null ? (DateOnly?)null : DateOnly.Parse(end), window.EndOf(window.StartOf(DateOnly.Parse(day))));
    }
}
