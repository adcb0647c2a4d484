using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Secrets;
using Governance.Testing.Data;
using Governance.Testing.Server;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Data;

public sealed class DatabaseStartupTests
{
    [Fact]
    public async Task RunAsync_EmptyDatabase_MakesSchemaAndKeyCheckOnce()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        for (var start = 0; start < 2; start++)
        {
            await using var process = await new ProductProcess(database).StartAsync();
            await using var db = process.Database.AcrossOrganizations();
            Assert.Empty(await db.Database.GetPendingMigrationsAsync());
            Assert.Equal(1, await db.MasterKeyChecks.CountAsync());
        }

        Assert.False(Directory.Exists(Path.Combine(database.Folder, "backups")));
    }

    [Fact]
    public async Task RunAsync_TwoProcessesAtOnce_BothStart()
    {
        Assert.SkipWhen(TestDatabase.DefaultProvider == DatabaseProvider.Sqlite, "A SQLite file has one process.");
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        await using (var earlier = new ProductProcess(database)) earlier.Get<MasterKey>();
        await using var first = new ProductProcess(database);
        await using var second = new ProductProcess(database);
        await Task.WhenAll(first.Get<DatabaseStartup>().RunAsync(default), second.Get<DatabaseStartup>().RunAsync(default));
        await using var db = first.Database.AcrossOrganizations();
        Assert.Equal(1, await db.MasterKeyChecks.CountAsync());
    }

    [Fact]
    public async Task RunAsync_OtherMasterKey_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (await new ProductProcess(database).StartAsync())
        {
        }

        var settings = new Dictionary<string, string?> { ["Keys:Master"] = Convert.ToBase64String(new byte[MasterKey.Length]) };
        await using var process = new ProductProcess(database, settings: settings);
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => process.Get<DatabaseStartup>().RunAsync(default));
        Assert.Contains("master key does not fit", Assert.Single(refusal.Failures), StringComparison.Ordinal);
    }

    /// <summary>An older schema with data in it: one in which the last migration has not run yet, and its first table stands apart.</summary>
    [Fact]
    public async Task RunAsync_OlderSqliteFile_IsBackedUpWithItsDataFirst()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite, migrated: false);
        await using (var older = new SqliteConnection(database.ConnectionString + ";Pooling=False"))
        {
            await older.OpenAsync();
            await using var command = older.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; CREATE TABLE Kept (Text TEXT); INSERT INTO Kept VALUES ('still here');";
            await command.ExecuteNonQueryAsync();
        }

        await using var process = await new ProductProcess(database).StartAsync();

        var backup = Assert.Single(Directory.GetFiles(Path.Combine(database.Folder, "backups")));
        Assert.Equal("governance-20261102-090000.db", Path.GetFileName(backup));
        await using var copy = new SqliteConnection($"Data Source={backup};Pooling=False");
        await copy.OpenAsync();
        await using var read = copy.CreateCommand();
        read.CommandText = "SELECT (SELECT Text FROM Kept) || ', ' || (SELECT count(*) FROM sqlite_master WHERE name = 'People')";
        Assert.Equal("still here, 0", await read.ExecuteScalarAsync());
        Assert.Equal(0, await QueryPeopleAsync(process));
    }

    private static async Task<int> QueryPeopleAsync(ProductProcess process)
    {
        await using var db = process.Database.AcrossOrganizations();
        return await db.Set<Person>().CountAsync();
    }
}
