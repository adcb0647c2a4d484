using System.Globalization;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Costs;
using Governance.Web.Components.Shared;

namespace Governance.Web.Tests.Costs;

public sealed class SpendChartTests
{
    private static readonly DateOnly Today = new(2026, 11, 29);

    [Theory]
    [InlineData(1, "hour", CostDimension.Hour, 24)]
    [InlineData(2, "day", CostDimension.Day, 2)]
    [InlineData(100, "day", CostDimension.Day, 100)]
    [InlineData(101, "week", CostDimension.Day, 15)]
    [InlineData(210, "week", CostDimension.Day, 30)]
    [InlineData(211, "month", CostDimension.Month, 7)]
    [InlineData(365, "month", CostDimension.Month, 13)]
    public void BucketsOf_Period_AreWideEnoughAndLeaveNothingOut(int length, string unit, CostDimension step, int columns)
    {
        var days = DayRange.Last(length, Today);
        var buckets = SpendChart.BucketsOf(days);
        Assert.Equal((unit, step, columns), (SpendChart.UnitOf(buckets), SpendChart.StepOf(days), buckets.Count));
        if (step != CostDimension.Hour) Assert.Equal(days.EachDay(), buckets.SelectMany(bucket => bucket.Days.EachDay()));
    }

    [Fact]
    public void Build_Year_PutsEachMonthIntoItsColumn()
    {
        var days = DayRange.Last(365, Today);
        var model = new CostKey { Model = "gpt-5" };
        CostSum Of(int year, int month, long nano, string? name = "gpt-5") =>
            CostSum.Zero with { Key = new CostKey { Month = new DateOnly(year, month, 1), Model = name }, CostNanoUsd = nano };
        var chart = SpendChart.Build(
            days, [model], [Of(2025, 11, 3), Of(2026, 1, 5), Of(2026, 11, 7)], [Of(2025, 11, 4, null), Of(2026, 1, 5, null), Of(2026, 11, 70, null)],
            CostDimension.Model, new Dictionary<Guid, string>());
        Assert.Equal(["gpt-5", SpendChart.Rest], chart.Series.Select(series => series.Name));
        Assert.Equal([3, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], chart.Series[0].Nano);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63], chart.Series[1].Nano);
    }

    [Fact]
    public void LabelAndTick_Months_AreNamedWhereTheyAreWhole()
    {
        var formats = new Formats(CultureInfo.GetCultureInfo("en-US"), TimeZoneInfo.Utc);
        var buckets = SpendChart.BucketsOf(DayRange.Last(365, Today));
        Assert.Equal(["Nov 30", "December 2025", "Nov 1 – Nov 29, 2026"], new[] { buckets[0], buckets[1], buckets[^1] }.Select(bucket => bucket.Label(formats)));
        Assert.Equal(["Nov 2025", "Dec 2025", "Nov 2026"], new[] { buckets[0], buckets[1], buckets[^1] }.Select(bucket => bucket.Tick(formats, "month", withYear: false)));
    }
}
