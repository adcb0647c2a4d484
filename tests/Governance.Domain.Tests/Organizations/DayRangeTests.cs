using FsCheck.Fluent;
using Governance.Domain.Organizations;

namespace Governance.Domain.Tests.Organizations;

public sealed class DayRangeTests
{
    [Theory]
    [InlineData("2026-11-01", "2026-11-20", "2026-10-01", "2026-10-20")] // month to date
    [InlineData("2026-03-01", "2026-03-30", "2026-02-01", "2026-02-28")] // the month before is shorter
    [InlineData("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28")] // a whole month
    [InlineData("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")]
    [InlineData("2024-03-01", "2024-03-29", "2024-02-01", "2024-02-29")]
    [InlineData("2026-01-01", "2026-01-15", "2025-12-01", "2025-12-15")]
    [InlineData("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31")] // whole months
    [InlineData("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31")]
    [InlineData("2026-11-10", "2026-11-16", "2026-11-03", "2026-11-09")] // any other days
    [InlineData("2026-10-20", "2026-11-18", "2026-09-20", "2026-10-19")]
    public void Previous_Range_IsTheOnePeopleCompareWith(string from, string to, string expectedFrom, string expectedTo) =>
        Assert.Equal(Range(expectedFrom, expectedTo), Range(from, to).Previous());

    [Fact]
    public void Previous_AnyRange_EndsBeforeItStarts() => Law.Holds(
        from start in Gen.Choose(0, 3000)
        from length in Gen.Choose(0, 400)
        let day = new DateOnly(2020, 1, 1).AddDays(start)
        select new DayRange(day, day.AddDays(length)),
        range =>
        {
            var previous = range.Previous();
            Assert.True(previous.To < range.From);
            Assert.True(previous.From <= previous.To);
        });

    [Fact]
    public void EachDay_AnyRange_HasAsManyDaysAsItSays() => Law.Holds(
        Gen.Choose(1, 800),
        days =>
        {
            var range = DayRange.Last(days, new DateOnly(2026, 11, 20));
            Assert.Equal(days, range.Days);
            Assert.Equal(days, range.EachDay().Count());
            Assert.All(range.EachDay(), day => Assert.True(range.Contains(day)));
        },
        small: 50, large: 800);

    private static DayRange Range(string from, string to) => new(
        DateOnly.ParseExact(from, "yyyy-MM-dd", null), DateOnly.ParseExact(to, "yyyy-MM-dd", null));
}
