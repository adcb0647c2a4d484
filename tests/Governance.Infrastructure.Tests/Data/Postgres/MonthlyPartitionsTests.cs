using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Governance.Infrastructure.Tests.Data.Postgres;

public sealed class MonthlyPartitionsTests : PartitionsTest
{
    /// <summary>Down and up again, with rows of several months: an older database is what the way down makes.</summary>
    [Fact]
    public async Task Migration_OlderDatabaseWithRows_KeepsAllAndPutsItIntoMonths()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        var now = Process.Clock.GetUtcNow();
        foreach (var month in new[] { -30, -2, -2, -1, 0, 1 }) await MakeCallAsync(now.AddMonths(month));
        await RunJobAsync();
        await using var owner = Process.Database.AsOwner();
        await owner.Database.ExecuteSqlRawAsync("""GRANT SELECT ON "Calls" TO PUBLIC""");
        var (rows, indices) = (await AllRowsAsync(), await IndicesAsync());
        Assert.Equal(24, rows.Count);

        var migrations = owner.Database.GetMigrations().ToList();
        await owner.GetService<IMigrator>().MigrateAsync(migrations[migrations.FindIndex(name => name.EndsWith("_MonthlyPartitions", StringComparison.Ordinal)) - 1]);
        Assert.Equal(["r", "r", "r", "r"], await RowsAsync($"SELECT relkind FROM pg_class WHERE relname IN ({string.Join(", ", Tables.Select(table => $"'{table.Table}'"))})"));
        Assert.Equal(rows, await AllRowsAsync());

        await Process.Get<DatabaseStartup>().RunAsync(CancellationToken.None); // It makes the rollups anew, too, which are younger than the partitions.
        Assert.Equal(rows, await AllRowsAsync());
        Assert.Equal(indices, await IndicesAsync());
        Assert.Empty(await RowsAsync("""SELECT "Id" FROM "Calls_default" """));
        Assert.Equal(
            ["2029_05", "2031_09", "2031_10", "2031_11", "2031_12"],
            await RowsAsync("""SELECT DISTINCT trim('"' FROM substr(tableoid::regclass::text, 8)) FROM "Calls" ORDER BY 1"""));
        Assert.Equal(["True"], await RowsAsync("""SELECT relacl::text ~ '[{,]=r/' FROM pg_class WHERE oid = '"Calls"'::regclass"""));
        await AssertProvenAsync();
    }

    /// <summary>Names are the model's, so that later migrations find them.</summary>
    [Fact]
    public async Task Migration_IndicesOfTheModel_AreThere()
    {
        Assert.SkipWhen(OnSqlite, "SQLite has no partitions.");
        await using var db = Process.Database.AcrossOrganizations();
        var expected = db.Model.GetEntityTypes().Where(type => Tables.Any(table => table.Table == type.GetTableName()))
            .SelectMany(type => type.GetIndexes().Select(index => index.GetDatabaseName()).Append(type.FindPrimaryKey()!.GetName()));
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await IndicesAsync()).Select(index => index[..index.IndexOf(' ', StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    /// <summary>Without columns that are younger than the partitions.</summary>
    private async Task<IReadOnlyList<string>> AllRowsAsync()
    {
        var rows = new List<string>();
        foreach (var (table, column) in Tables) rows.AddRange(await RowsAsync($"SELECT (to_jsonb(t) - 'HeldOn')::text FROM \"{table}\" t ORDER BY \"{column}\""));
        return rows;
    }

    private Task<IReadOnlyList<string>> IndicesAsync() =>
        RowsAsync(
            $"""
            SELECT c.relname || ' ' || replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid IN ({string.Join(", ", Tables.Select(table => $"'\"{table.Table}\"'::regclass"))}) AND i.indisvalid ORDER BY 1
            """);
}
