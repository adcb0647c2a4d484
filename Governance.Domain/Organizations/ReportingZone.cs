namespace Governance.Domain.Organizations;

/// <summary>The one time zone of an organisation that decides on which day a call falls. A call belongs to the day in which it started.</summary>
public sealed class ReportingZone
{
    private readonly TimeZoneInfo _zone;

    private ReportingZone(TimeZoneInfo zone) => _zone = zone;

    public static ReportingZone Utc { get; } = new(TimeZoneInfo.Utc);

    public string Id => _zone.Id;

    /// <summary>Reads an IANA id such as <c>Europe/Berlin</c>.</summary>
    public static bool TryParse(string? id, out ReportingZone zone)
    {
        zone = Utc;
        if (string.IsNullOrWhiteSpace(id) || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found)) return false;
        zone = new ReportingZone(found);
        return true;
    }

    /// <exception cref="TimeZoneNotFoundException">The machine does not know the zone.</exception>
    public static ReportingZone Parse(string id) => new(TimeZoneInfo.FindSystemTimeZoneById(id));

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant).DateTime);

    public DateTimeOffset ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone);

    /// <summary>The first instant of a day. Where clocks skip midnight, the day starts at the first minute that exists.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        // Midnight at the offset that holds then, which is the answer unless clocks change around it.
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var start = new DateTimeOffset(midnight, _zone.GetUtcOffset(midnight)).ToUniversalTime();
        return IsFirstOf(day, start) ? start : SearchStart(day, start);
    }

    private bool IsFirstOf(DateOnly day, DateTimeOffset at) => DayOf(at) == day && DayOf(at.AddTicks(-1)) < day;

    /// <summary>
    /// Bisects to the first instant of a day. Only the way from instants to wall time is used, which the framework gets right in
    /// every zone; the way back is ambiguous or wrong where clocks change at midnight.
    /// </summary>
    private DateTimeOffset SearchStart(DateOnly day, DateTimeOffset near)
    {
        var (before, after) = (near.AddHours(-4).UtcTicks, near.AddHours(4).UtcTicks);
        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;
            if (DayOf(new DateTimeOffset(middle, TimeSpan.Zero)) < day) before = middle;
            else after = middle;
        }

        return new DateTimeOffset(after, TimeSpan.Zero);
    }
}
