using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Organizations;

namespace Governance.Domain.Tests.Organizations;

public sealed class ReportingZoneTests
{
    /// <summary>Zones whose clocks do unusual things at unusual hours.</summary>
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Beirut", "America/Asuncion", "America/Santiago", "Africa/Cairo",
        "Asia/Tehran", "Asia/Gaza", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Atlantic/Azores", "Africa/Casablanca",
    ];

    private static readonly Gen<(ReportingZone Zone, DateTimeOffset At)> Instants =
        from zone in Gen.Elements(Zones)
        from day in Gen.Choose(0, 365 * 12)
        from second in Gen.Choose(0, 86_399)
        select (ReportingZone.Parse(zone), new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddSeconds(second));

    [Fact]
    public void DayOf_AnyInstant_IsTheOneDayBetweenWhoseStartsItLies() => Law.Holds(
        Instants,
        sample =>
        {
            var (zone, at) = sample;
            var day = zone.DayOf(at);
            Assert.True(zone.StartOf(day) <= at, $"{zone.Id}: {at:O} lies before the start of {day:O}.");
            Assert.True(at < zone.StartOf(day.AddDays(1)), $"{zone.Id}: {at:O} lies after the end of {day:O}.");
        },
        small: 3_000, large: 200_000);

    [Fact]
    public void StartOf_EveryDayOfEveryZone_IsTheFirstInstantOfThatDay()
    {
        foreach (var zone in Zones.Select(ReportingZone.Parse))
        {
            for (var day = new DateOnly(2018, 1, 1); day.Year < 2030; day = day.AddDays(1))
            {
                var start = zone.StartOf(day);
                Assert.Equal(TimeSpan.Zero, start.Offset);
                Assert.True(zone.DayOf(start) == day, $"{zone.Id}: {day:O} does not start at {start:O}.");
                Assert.True(zone.DayOf(start.AddTicks(-1)) == day.AddDays(-1), $"{zone.Id}: {day:O} starts before {start:O}.");
            }
        }
    }

    [Theory]
    [InlineData("America/Havana", "2025-03-09", "2025-03-09T05:00:00Z")] // 00:00 does not exist, 01:00 is the first minute
    [InlineData("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z")] // 00:00 comes twice, the first counts
    [InlineData("Asia/Beirut", "2025-03-30", "2025-03-29T22:00:00Z")]
    [InlineData("Asia/Beirut", "2025-10-26", "2025-10-25T22:00:00Z")] // 23:00 of the day before comes twice
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z")]
    public void StartOf_ClocksChangeAtMidnight_IsKnown(string zone, string day, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, null), ReportingZone.Parse(zone).StartOf(DateOnly.ParseExact(day, "yyyy-MM-dd", null)));

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    public void TryParse_NoSuchZone_IsFalse(string? id) => Assert.False(ReportingZone.TryParse(id, out _));
}
