using Governance.Domain.Organizations;

namespace Governance.Infrastructure.Data;

/// <summary>From an instant, included, to an instant, excluded.</summary>
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    public static TimeRange Of(DayRange days, ReportingZone zone) =>
        new(zone.StartOf(days.From), zone.StartOf(days.To.AddDays(1)));
}
