using System.Diagnostics;
using Npgsql;

namespace Governance.Testing.Data;

/// <summary>
/// A PostgreSQL of this test run alone: in a temporary folder, on a free port of loopback, without the cost of durability. It is
/// started at first use and lives as long as this process: a small shell beside it waits for the end of a pipe whose other end
/// this process holds, so that the cluster is stopped and its folder removed even if the process is killed.
/// </summary>
public sealed class PostgresCluster
{
    private const string Script =
        """
        trap '' INT TERM HUP
        umask 077
        as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
        dir=$(as_postgres mktemp -d /tmp/governance-postgres-XXXXXX) || exit 1
        finish() { as_postgres "$1/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$dir"; }
        cd "$dir"
        as_postgres "$1/initdb" -D "$dir/data" -U governance -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log"; rm -rf "$dir"; exit 1; }
        as_postgres "$1/pg_ctl" -D "$dir/data" -l "$dir/data/server.log" -w -o "-h 127.0.0.1 -p $2 -k '' -F -c max_connections=300 -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=64MB -c autovacuum=off" start >/dev/null 2>&1 </dev/null || { cat "$dir/data/server.log"; finish "$1"; exit 1; }
        echo ready
        exec 1>/dev/null 2>/dev/null
        cat >/dev/null
        finish "$1"
        """;

    private static readonly Lazy<Task<PostgresCluster>> Started = new(StartAsync);
    private static int _databases;
    private readonly int _port;

    private PostgresCluster(int port) => _port = port;

    /// <summary>The cluster of this process.</summary>
    public static Task<PostgresCluster> SharedAsync() => Started.Value;

    /// <summary>Makes a database, empty or as a copy of another to which nobody is connected.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await RunAsync(template is null ? $"CREATE DATABASE {name}" : $"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
        return ConnectionString(name);
    }

    /// <summary>Makes a copy of a database that is in use, but for the moment by nobody who minds to be disconnected.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CopyDatabaseAsync(string connectionString)
    {
        await CloseAsync(connectionString); // What is to be copied may have no connection, not even a pooled one.
        try
        {
            return await CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(connectionString).Database);
        }
        finally
        {
            await ReopenAsync(connectionString);
        }
    }

    /// <summary>Removes a database, whoever is connected: also a way to make the database go away under a running product.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(connection);
        await RunAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    /// <summary>Ends all connections to a database and lets nobody in.</summary>
    internal async Task CloseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await RunAsync($"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false");
        await RunAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    /// <summary>Lets everybody in again.</summary>
    internal async Task ReopenAsync(string connectionString)
    {
        await RunAsync($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH ALLOW_CONNECTIONS true");
        await using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=governance;Database={database};Maximum Pool Size=20;Timeout=60;Include Error Detail=true";

    private static async Task<PostgresCluster> StartAsync()
    {
        var port = FreePort.Next();
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, "governance-postgres", Binaries(), $"{port}"]) start.ArgumentList.Add(argument);
        var guard = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(guard);
        var answer = await guard.StandardOutput.ReadLineAsync();
        return answer == "ready"
            ? new PostgresCluster(port)
            : throw new InvalidOperationException($"PostgreSQL did not start: {answer} {await guard.StandardOutput.ReadToEndAsync()}");
    }

    private static void Stop(Process guard)
    {
        NpgsqlConnection.ClearAllPools();
        guard.StandardInput.Close();
        guard.WaitForExit(TimeSpan.FromSeconds(10));
    }

    private static string Binaries() =>
        Directory.Exists("/usr/lib/postgresql")
            && Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).OrderByDescending(VersionOf).FirstOrDefault() is { } found
            ? found
            : throw new InvalidOperationException("These tests need PostgreSQL. Install it: apt-get install postgresql (./test.sh does it).");

    private static int VersionOf(string binaries) => int.TryParse(Path.GetFileName(Path.GetDirectoryName(binaries)), out var version) ? version : 0;
}
