namespace Governance.Infrastructure.Audit;

/// <summary>Cuts a time where the clocks of a zone change, so that between two cuts a day is a division.</summary>
internal static class AuditDays
{
    /// <param name="zone">Whose days are counted.</param>
    /// <param name="from">The beginning.</param>
    /// <param name="to">The end, which is not in it.</param>
    /// <returns>Times that follow one another, each with how far the zone is ahead of UTC.</returns>
    public static IEnumerable<(DateTimeOffset From, DateTimeOffset To, TimeSpan Ahead)> Cut(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var (start, ahead) = (from, zone.GetUtcOffset(from));
        for (var at = from; at < to;)
        {
            var next = to - at > TimeSpan.FromDays(1) ? at.AddDays(1) : to;
            if (zone.GetUtcOffset(next) != ahead)
            {
                next = ChangeBetween(zone, at, next, ahead);
                if (next < to)
                {
                    yield return (start, next, ahead);
                    (start, ahead) = (next, zone.GetUtcOffset(next));
                }
            }

            at = next;
        }

        if (start < to) yield return (start, to, ahead);
    }

    /// <summary>The day that a number of days since 0001-01-01 is.</summary>
    public static DateOnly Of(long number) => DateOnly.FromDayNumber((int)number);

    /// <summary>The first moment with another offset.</summary>
    private static DateTimeOffset ChangeBetween(TimeZoneInfo zone, DateTimeOffset before, DateTimeOffset after, TimeSpan ahead)
    {
        while (after - before > TimeSpan.FromTicks(1))
        {
            var middle = before + ((after - before) / 2);
            if (zone.GetUtcOffset(middle) == ahead) before = middle;
            else after = middle;
        }

        return after;
    }
}
