using Governance.Domain.Proxy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Governance.Infrastructure.Tests.Data.Postgres;

public sealed class PartitionsJobTests : PartitionsTest
{
    private const int Added = 3003, Waits = 3004, NeedsOwner = 3005;

    [Fact]
    public async Task RunAsync_MonthByMonth_HasThisOneAndThreeMore()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        await RunJobAsync();
        Assert.Equal(["2031_11", "2031_12", "2032_01", "2032_02"], await MonthsAsync());

        Process.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMilliseconds(1));
        await RunJobAsync();
        Assert.Equal(4, (await MonthsAsync()).Count);

        Process.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await RunJobAsync();
        Assert.Equal("2032_03", (await MonthsAsync())[^1]);
        Assert.Equal(5, Process.Logs.Entries.Count(entry => entry.EventId == Added));
    }

    [Fact]
    public async Task RunAsync_CallsAtTheTurnOfAYear_StandInTheirMonths()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var newYear = new DateTimeOffset(2032, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await RunJobAsync();
        Assert.Equal("2031_12", await WhereAsync(await MakeCallAsync(newYear.AddTicks(-1))));
        Assert.Equal("2032_01", await WhereAsync(await MakeCallAsync(newYear)));
    }

    [Fact]
    public async Task RunAsync_CallsOfMonthsWithoutPartitions_AreMovedIntoTheirs()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var newYear = new DateTimeOffset(2032, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (longAgo, before, after, far) =
            (await MakeCallAsync(newYear.AddYears(-3)), await MakeCallAsync(newYear.AddTicks(-1)), await MakeCallAsync(newYear), await MakeCallAsync(newYear.AddYears(1)));
        foreach (var call in new[] { longAgo, before, after, far }) Assert.Equal("default", await WhereAsync(call));

        await RunJobAsync();

        Assert.Equal("2029_01", await WhereAsync(longAgo));
        Assert.Equal("2031_12", await WhereAsync(before));
        Assert.Equal("2032_01", await WhereAsync(after));
        Assert.Equal("default", await WhereAsync(far)); // Its turn comes when its month does.
        await AssertProvenAsync();
    }

    [Fact]
    public async Task RunAsync_AddedMonth_HasWhatTheOthersHave()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        await RunJobAsync();
        foreach (var (table, _) in Tables)
        {
            var ofDefault = await RowsAsync(Constraints(table, "default"));
            Assert.NotEmpty(ofDefault);
            Assert.Equal(ofDefault, await RowsAsync(Constraints(table, "2032_01")));
            Assert.Equal(await RowsAsync(Indices(table, "default")), await RowsAsync(Indices(table, "2032_01")));
        }

        // An attempt of a call that is not there.
        var call = Tenant.Call(new DateTimeOffset(2032, 1, 10, 0, 0, 0, TimeSpan.Zero));
        await using var db = Process.Database.AcrossOrganizations();
        db.CallAttempts.AddRange(call.Result().Attempts);
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, ((PostgresException)refused.InnerException!).SqlState);

        static string Constraints(string table, string month) =>
            $"""
            SELECT replace(pg_get_constraintdef(oid), '{month}', '') FROM pg_constraint WHERE conrelid = '"{table}_{month}"'::regclass ORDER BY 1
            """;
        static string Indices(string table, string month) =>
            $"""
            SELECT substr(pg_get_indexdef(indexrelid), strpos(pg_get_indexdef(indexrelid), ' USING ')) FROM pg_index
            WHERE indrelid = '"{table}_{month}"'::regclass AND indisvalid ORDER BY 1
            """;
    }

    [Fact]
    public async Task RunAsync_SeveralProcessesWhileCallsAreWritten_LosesNothing()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var at = Process.Clock.GetUtcNow();
        await using var other = new ProductProcess(Database, Process.Time);
        var writing = Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            await Task.Delay(i); // Spread over the work of the job.
            await MakeCallAsync(at.AddDays(i % 60));
        }));
        while (!writing.IsCompleted) await Task.WhenAll(RunJobAsync(), RunJobAsync(other));
        await writing;
        await RunJobAsync();

        Assert.Empty(await RowsAsync("""SELECT "Id" FROM "Calls_default" """));
        foreach (var (table, _) in Tables) Assert.Equal(["300"], await RowsAsync($"SELECT count(*) FROM \"{table}\""));
        await AssertProvenAsync();
    }

    [Fact]
    public async Task RunAsync_SomebodyReadsTheDefaultPartition_GivesUpSoonAndTriesAgain()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var call = await MakeCallAsync(Process.Clock.GetUtcNow());
        await using (var db = Process.Database.AcrossOrganizations())
        {
            await using var reading = await db.Database.BeginTransactionAsync();
            Assert.Equal(1, await db.Calls.CountAsync());
            await RunJobAsync();
            Assert.Equal("default", await WhereAsync(call));
            Assert.True(Process.Logs.Contains(Waits));
        }

        await RunJobAsync();
        Assert.Equal("2031_11", await WhereAsync(call));
    }

    [Fact]
    public async Task RunAsync_WithoutTheOwnersConnection_SaysSoAndCallsAreWritten()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        const string role = "governance_partitions";
        await using (var owner = Process.Database.AsOwner())
        {
            await owner.Database.ExecuteSqlRawAsync($"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        }

        var running = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = role }.ConnectionString;
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:Governance"] = running, ["ConnectionStrings:Owner"] = Database.ConnectionString };
        await using (await new ProductProcess(Database, Process.Time, settings).StartAsync())
        {
            // It gave the role its rights, as an operator's migration does.
        }

        settings["ConnectionStrings:Owner"] = null;
        await using (var process = new ProductProcess(Database, Process.Time, settings))
        {
            await process.Get<CallLedger>().StartAsync(default);
            await RunJobAsync(process);
            Assert.Contains(process.Logs.Entries, entry => entry.EventId == NeedsOwner && entry.Level == LogLevel.Warning && entry.Message.StartsWith("2031-11", StringComparison.Ordinal));
            var call = Tenant.Call(Process.Clock.GetUtcNow());
            await process.Get<CallLedger>().RefuseAsync(call, call.Result() with { Outcome = CallOutcome.Refused, Attempts = [] });
        }

        Assert.Single(await RowsAsync("""SELECT "Id" FROM "Calls_default" """));
        await RunJobAsync();
        Assert.Empty(await RowsAsync("""SELECT "Id" FROM "Calls_default" """));
        Assert.Single(await RowsAsync("""SELECT "Id" FROM "Calls_2031_11" """));
    }

    [Fact]
    public async Task DetachedMonth_AsDocumented_GoesAsAWhole()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var (old, kept) = (await MakeCallAsync(Process.Clock.GetUtcNow().AddMonths(-1)), await MakeCallAsync(Process.Clock.GetUtcNow()));
        await RunJobAsync();
        await using (var owner = Process.Database.AsOwner())
        {
            var detach = string.Concat(Tables.Reverse().Select(table => $"ALTER TABLE \"{table.Table}\" DETACH PARTITION \"{table.Table}_2031_10\";"));
            await owner.Database.ExecuteSqlRawAsync(detach);
        }

        Assert.Equal([kept.Id.ToString()], await RowsAsync("""SELECT "Id" FROM "Calls" """));
        Assert.Equal([old.Id.ToString()], await RowsAsync("""SELECT "CallId" FROM "LedgerEntries_2031_10" """));
        await MakeCallAsync(old.StartedAt.AddHours(1));
        await RunJobAsync(); // A month that was put aside is not made again while its tables are there.
        Assert.Single(await RowsAsync("""SELECT "Id" FROM "Calls_default" """));
    }

    private Task<IReadOnlyList<string>> MonthsAsync() =>
        RowsAsync("""SELECT substr(relname, 7) FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = '"Calls"'::regclass AND relname ~ '_203' ORDER BY 1""");
}
