using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Data.Postgres;

public sealed class CallMonthsTests : PartitionsTest
{
    private static readonly TimeRange Range = new(new(2031, 12, 31, 23, 0, 0, TimeSpan.Zero), new(2032, 1, 5, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("1969-06-01", "1969-07-01", "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000")]
    [InlineData("2026-11-30T23:59:59.9999999", "2026-12-01", "01a19467-e800-0000-0000-000000000000", "01a2ce8b-d400-0000-0000-000000000000")]
    [InlineData("0001-01-01", "9999-12-31T23:59:59.9999999", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-0000-0000-000000000000")]
    public void BoundsOf_Range_AreThoseOfItsMonths(string from, string to, string first, string end)
    {
        var bounds = CallMonths.BoundsOf(new TimeRange(At(from), At(to)));
        Assert.Equal((Guid.Parse(first), Guid.Parse(end)), bounds);
        static DateTimeOffset At(string text) => new(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
    }

    [Fact]
    public async Task BoundsOf_Months_AreThoseOfThePartitions()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        for (var month = new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero); month.Year < 2100; month = month.AddMonths(7))
        {
            var (from, to) = CallMonths.BoundsOf(new TimeRange(month, month));
            Assert.Equal(
                [$"{from} {to} {month:yyyy-MM-dd}"],
                await RowsAsync($"SELECT concat_ws(' ', governance_month_bound('{month:yyyy-MM-dd}'), governance_month_bound('{month.AddMonths(1):yyyy-MM-dd}'), governance_month_of('{Guid.CreateVersion7(month.AddDays(27))}'))"));
        }
    }

    [Fact]
    public async Task RequestFilter_Range_ReadsTheMonthsOfItOnly()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var filter = new RequestFilter(Range) { Model = "some", Outcome = CallOutcome.Succeeded, OpenOnly = true };
        await AssertPrunedAsync(db => filter.Apply(db.Calls, db).OrderByDescending(call => call.StartedAt).Take(10), "Calls", "LedgerEntries");
    }

    [Fact]
    public async Task CostFilter_Range_ReadsTheMonthsOfItOnly()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        await AssertPrunedAsync(db => CostFilter.Within(db, Range), "LedgerEntries");
    }

    private async Task AssertPrunedAsync<T>(Func<GovernanceDbContext, IQueryable<T>> query, params string[] tables)
    {
        await RunJobAsync();
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        await db.Database.OpenConnectionAsync();
        await using var command = query(db).CreateDbCommand();
        command.CommandText = "EXPLAIN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var plan = "";
        while (await reader.ReadAsync()) plan += reader.GetString(0) + "\n";
        foreach (var table in tables)
        {
            Assert.Contains($"\"{table}_2031_12\"", plan, StringComparison.Ordinal);
            Assert.Contains($"\"{table}_2032_01\"", plan, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("_2031_11", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("_2032_02", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("_20", plan.Replace("_2031_12", "", StringComparison.Ordinal).Replace("_2032_01", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("_default", plan, StringComparison.Ordinal);
    }
}
