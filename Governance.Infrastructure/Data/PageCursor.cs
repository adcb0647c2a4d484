using System.Globalization;

namespace Governance.Infrastructure.Data;

/// <summary>The place in a list, newest first, right after a row: its moment and its id. Written <c>ticks-id</c>.</summary>
public readonly record struct PageCursor(DateTimeOffset At, Guid Id)
{
    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        var parts = text.Split('-', 2);
        if (parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.Ticks
            || !Guid.TryParseExact(parts[1], "n", out var id))
            return false;
        cursor = new PageCursor(new DateTimeOffset(ticks, TimeSpan.Zero), id);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}-{Id:n}");
}
