using Governance.Infrastructure.Data;
using Microsoft.Data.Sqlite;

namespace Governance.Testing.Data;

/// <summary>A time in which the database cannot be reached; it ends when this is disposed.</summary>
public sealed class DatabaseOutage : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private DatabaseOutage(TestDatabase database) => _database = database;

    private string File => new SqliteConnectionStringBuilder(_database.ConnectionString).DataSource;

    private string Aside => File + ".aside";

    internal static async Task<DatabaseOutage> BeginAsync(TestDatabase database)
    {
        var outage = new DatabaseOutage(database);
        if (database.Provider == DatabaseProvider.Postgres) await (await PostgresCluster.SharedAsync()).CloseAsync(database.ConnectionString);
        else await outage.MoveFileAsideAsync();
        return outage;
    }

    public async ValueTask DisposeAsync()
    {
        if (_database.Provider == DatabaseProvider.Postgres)
        {
            await (await PostgresCluster.SharedAsync()).ReopenAsync(_database.ConnectionString);
            return;
        }

        PutFileBack();
    }

    /// <summary>
    /// A folder takes the file's place, so that it cannot be opened and is not made anew. A job may have opened the file in between: then it goes back, and
    /// once more, as SQLite leaves the write-ahead log of a file that has moved where it is.
    /// </summary>
    private async Task MoveFileAsideAsync()
    {
        while (true)
        {
            await CloseAllAsync();
            System.IO.File.Move(File, Aside);
            Directory.CreateDirectory(File);
            ClearPool();
            if (!System.IO.File.Exists(File + "-wal")) return;
            PutFileBack();
        }
    }

    private void PutFileBack()
    {
        Directory.Delete(File);
        System.IO.File.Move(Aside, File);
    }

    private Task CloseAllAsync() => Eventually.TrueAsync(
        () =>
        {
            ClearPool();
            return !System.IO.File.Exists(File + "-wal");
        },
        "every connection to the file was closed");

    private void ClearPool()
    {
        using var connection = new SqliteConnection(_database.ConnectionString);
        SqliteConnection.ClearPool(connection);
    }
}
