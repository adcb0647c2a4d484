using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Secrets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Governance.Testing.Data;

/// <summary>
/// A migrated database and a data directory of a test's own, on the database that GOVERNANCE_TEST_DATABASE names (Sqlite by
/// default). A class fixture, or made by <see cref="CreateAsync"/>. Migrations run once a process; the rest are copies.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private static readonly Lazy<Task<string>> SqliteTemplate = new(MigrateSqliteAsync);
    private static readonly Lazy<Task<string>> PostgresTemplate = new(MigratePostgresAsync);

    private readonly TempFolder _folder = new();
    private bool _migrated = true;
    private TestDatabase? _original;

    public static DatabaseProvider DefaultProvider { get; } =
        Enum.Parse<DatabaseProvider>(Environment.GetEnvironmentVariable("GOVERNANCE_TEST_DATABASE") is { Length: > 0 } name ? name : nameof(DatabaseProvider.Sqlite));

    public DatabaseProvider Provider { get; private init; } = DefaultProvider;

    /// <summary>The data directory: the master key, the spill file, and on SQLite the database.</summary>
    public string Folder => _folder.Path;

    public string ConnectionString { get; private set; } = "";

    /// <summary>The configuration with which the product uses this database.</summary>
    public IReadOnlyDictionary<string, string?> Settings => SettingsOf(Provider, ConnectionString, Folder);

    public GovernanceDatabase Database { get; private set; } = null!;

    /// <param name="provider">Which database; the one of this run if none is named.</param>
    /// <param name="migrated">Whether it has the schema, or nothing.</param>
    public static async Task<TestDatabase> CreateAsync(DatabaseProvider? provider = null, bool migrated = true)
    {
        var created = new TestDatabase { Provider = provider ?? DefaultProvider, _migrated = migrated };
        await created.InitializeAsync();
        return created;
    }

    /// <summary>A copy of it as it is now, with its data directory. No product may run on it meanwhile.</summary>
    public async Task<TestDatabase> CopyAsync()
    {
        var copy = new TestDatabase { Provider = Provider, _original = this };
        await copy.InitializeAsync();
        return copy;
    }

    public async ValueTask InitializeAsync()
    {
        if (_original is not null) CopyFolder(_original.Folder, Folder);
        if (Provider == DatabaseProvider.Postgres)
        {
            var cluster = await PostgresCluster.SharedAsync();
            ConnectionString = _original is null
                ? await cluster.CreateDatabaseAsync(_migrated ? await PostgresTemplate.Value : null)
                : await cluster.CopyDatabaseAsync(_original.ConnectionString);
        }
        else
        {
            var file = _folder.PathOf("governance.db");
            ConnectionString = $"Data Source={file}";
            if (_original is not null) CopySqlite(_original.ConnectionString, ConnectionString);
            else if (_migrated) File.Copy(await SqliteTemplate.Value, file);
        }

        Database = Open(Settings);
        ConnectionString = Database.ConnectionString; // As the product fits it: by it the driver tells pools apart, and an outage empties this one.
    }

    /// <summary>Makes the database unreachable until the result is disposed.</summary>
    public Task<DatabaseOutage> TakeAwayAsync() => DatabaseOutage.BeginAsync(this);

    public async ValueTask DisposeAsync()
    {
        if (Provider == DatabaseProvider.Postgres)
        {
            await (await PostgresCluster.SharedAsync()).DropDatabaseAsync(ConnectionString);
        }
        else
        {
            await using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }

        _folder.Dispose();
    }

    public static Dictionary<string, string?> SettingsOf(DatabaseProvider provider, string connectionString, string folder) => new()
    {
        ["Database:Provider"] = provider.ToString(),
        ["ConnectionStrings:Governance"] = connectionString,
        ["Data:Directory"] = folder,
    };

    /// <summary>As the product opens it; nothing connects yet.</summary>
    public static GovernanceDatabase Open(IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new GovernanceDatabase(
            Options.Create(new DatabaseOptions { Provider = Enum.Parse<DatabaseProvider>(settings["Database:Provider"]!) }),
            Options.Create(new DataDirectoryOptions { Directory = settings["Data:Directory"]! }),
            configuration,
            new AuditSealer(new DataKeys(new MasterKey(new byte[MasterKey.Length]), TimeProvider.System), TimeProvider.System));
    }

    /// <summary>All but the database, of which a running copy is more than a file.</summary>
    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("governance.db", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void CopySqlite(string from, string to)
    {
        using var source = new SqliteConnection(from + ";Pooling=False");
        using var target = new SqliteConnection(to + ";Pooling=False");
        source.Open();
        target.Open();
        source.BackupDatabase(target);
    }

    private static async Task<string> MigrateSqliteAsync()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var file = folder.PathOf("template.db");
        await using (var db = Open(SettingsOf(DatabaseProvider.Sqlite, $"Data Source={file};Pooling=False", folder.Path)).AsOwner())
            await db.Database.MigrateAsync();
        return file;
    }

    private static async Task<string> MigratePostgresAsync()
    {
        var connectionString = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync() + ";Pooling=false";
        await using (var db = Open(SettingsOf(DatabaseProvider.Postgres, connectionString, Path.GetTempPath())).AsOwner())
            await db.Database.MigrateAsync();
        return new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }
}
