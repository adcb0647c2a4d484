using System.Buffers.Binary;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Data.Postgres;

/// <summary>
/// Tells PostgreSQL which months' partitions a question about a range is about: they are bounded by the ids of calls, not by when calls started.
/// Whole months, so that within a partition it says nothing and no estimate of rows is led astray. SQLite has no partitions and is told nothing.
/// </summary>
internal static class CallMonths
{
    private const long MostMilliseconds = (1L << 48) - 1;

    public static IQueryable<Call> InMonthsOf(this IQueryable<Call> calls, GovernanceDbContext db, TimeRange range)
    {
        if (!db.Database.IsNpgsql()) return calls;
        var (from, to) = BoundsOf(range);
        return calls.Where(call => call.Id >= from && call.Id < to);
    }

    /// <summary>The entries of calls that started in the months of a range.</summary>
    public static IQueryable<LedgerEntry> InMonthsOf(this IQueryable<LedgerEntry> entries, GovernanceDbContext db, TimeRange range)
    {
        if (!db.Database.IsNpgsql()) return entries;
        var (from, to) = BoundsOf(range);
        return entries.Where(entry => entry.CallId >= from && entry.CallId < to);
    }

    /// <summary>The smallest id of the first month, and the smallest of the month after the last.</summary>
    internal static (Guid From, Guid To) BoundsOf(TimeRange range) => (SmallestOf(MonthOf(range.From)), SmallestOf(MonthOf(range.To) + 1));

    private static int MonthOf(DateTimeOffset at) => (at.UtcDateTime.Year * 12) + at.UtcDateTime.Month - 1;

    private static Guid SmallestOf(int month)
    {
        var (year, index) = Math.DivRem(month, 12);
        var milliseconds = year > 9999 ? MostMilliseconds : new DateTimeOffset(year, index + 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Clamp(milliseconds, 0, MostMilliseconds) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
