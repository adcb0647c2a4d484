using System.Data.Common;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Governance.Infrastructure.Data;

/// <summary>Opens contexts: one short context an operation, for one organisation or across them.</summary>
public sealed class GovernanceDatabase : IDisposable
{
    /// <summary>How many connections to PostgreSQL a process has open at most for its contexts; who comes then waits for one.</summary>
    private const int MostConnections = 40;

    private readonly SemaphoreSlim _turns = new(1);
    private readonly Func<Guid?, Reach, GovernanceDbContext> _open;
    private readonly Func<GovernanceDbContext> _openAsOwner;

    public GovernanceDatabase(IOptions<DatabaseOptions> options, IOptions<DataDirectoryOptions> data, IConfiguration configuration, AuditSealer audit)
    {
        Provider = options.Value.Provider;
        var timeout = options.Value.CommandTimeoutSeconds;
        var application = configuration.GetConnectionString("Governance");
        var owner = configuration.GetConnectionString("Owner");
        if (Provider == DatabaseProvider.Sqlite)
        {
            application ??= $"Data Source={data.Value.PathOf("governance.db")}";
            var running = Sqlite(application, timeout, audit);
            var owning = owner is null ? running : Sqlite(owner, timeout, audit);
            SqliteFile = new SqliteConnectionStringBuilder(application).DataSource;
            ConnectionString = application;
            _open = (organization, reach) => new SqliteGovernanceDbContext(running, organization, reach);
            _openAsOwner = () => new SqliteGovernanceDbContext(owning, null, Reach.Whole);
            return;
        }

        if (string.IsNullOrWhiteSpace(application))
            throw new OptionsValidationException(DatabaseOptions.Section, typeof(DatabaseOptions),
                ["Database:Provider is Postgres, so ConnectionStrings:Governance must be set."]);
        RunningConnectionString = ConnectionString = application = Fitted(application);
        var runningPostgres = Postgres(application, timeout, audit);
        var owningPostgres = owner is null ? runningPostgres : Postgres(owner, timeout, audit);
        _open = (organization, reach) => new PostgresGovernanceDbContext(runningPostgres, organization, reach);
        _openAsOwner = () => new PostgresGovernanceDbContext(owningPostgres, null, Reach.Whole);
    }

    public DatabaseProvider Provider { get; }

    /// <summary>How the running application connects.</summary>
    internal string ConnectionString { get; }

    /// <summary>How the running application connects to PostgreSQL; none on SQLite.</summary>
    internal string? RunningConnectionString { get; }

    /// <summary>The path of the SQLite file; none on PostgreSQL.</summary>
    public string? SqliteFile { get; }

    public void Dispose() => _turns.Dispose();

    /// <summary>A context that sees one organisation and refuses to write into another.</summary>
    public GovernanceDbContext ForOrganization(Guid organizationId) => _open(organizationId, Reach.Whole);

    /// <summary>A context that sees of one organisation what a reader may: other calls, ledger entries, recurring charges, applications and keys do not exist in it.</summary>
    public GovernanceDbContext ForReader(Guid organizationId, Reach reach) => _open(organizationId, reach);

    /// <summary>A context that sees every organisation: for sign-in, key look-up, jobs and operator commands.</summary>
    public GovernanceDbContext AcrossOrganizations() => _open(null, Reach.Whole);

    /// <summary>A context over the owner connection, which may change the schema.</summary>
    public GovernanceDbContext AsOwner() => _openAsOwner();

    /// <summary>
    /// Waits until those who write often have written, in the order in which they came: SQLite lets one transaction write at a time and has the
    /// others ask again and again. PostgreSQL needs no such thing.
    /// </summary>
    internal async ValueTask<WriteTurn> TakeTurnAsync(CancellationToken cancellation = default)
    {
        if (Provider != DatabaseProvider.Sqlite) return default;
        await _turns.WaitAsync(cancellation);
        return new WriteTurn(_turns);
    }

    /// <summary>
    /// With what the operator has not set: a bound on open connections, as the driver's own is as much as a server takes from all processes
    /// together, and no parallel workers, as questions read few rows of large tables and starting a worker takes longer than reading them.
    /// </summary>
    private static string Fitted(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var fitted = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize")) fitted.MaxPoolSize = MostConnections;
        if (!given.ContainsKey("Options")) fitted.Options = "-c max_parallel_workers_per_gather=0";
        return fitted.ConnectionString;
    }

    private static DbContextOptions<SqliteGovernanceDbContext> Sqlite(string connectionString, int timeout, AuditSealer audit) =>
        Common(new DbContextOptionsBuilder<SqliteGovernanceDbContext>()
            .UseSqlite(connectionString, sqlite => sqlite.CommandTimeout(timeout))
            .AddInterceptors(new SqlitePragmas()), audit).Options;

    private static DbContextOptions<PostgresGovernanceDbContext> Postgres(string connectionString, int timeout, AuditSealer audit) =>
        Common(new DbContextOptionsBuilder<PostgresGovernanceDbContext>()
            .UseNpgsql(connectionString, npgsql => npgsql.CommandTimeout(timeout)), audit).Options;

    private static DbContextOptionsBuilder<TContext> Common<TContext>(DbContextOptionsBuilder<TContext> builder, AuditSealer audit)
        where TContext : DbContext =>
        builder.UseIdentitySchema().AddInterceptors(audit).ReplaceService<IModelCacheKeyFactory, OrganizationModelCacheKey>();
}

/// <summary>A turn at writing; given back when it is disposed of.</summary>
internal readonly struct WriteTurn(SemaphoreSlim? turns) : IDisposable
{
    public void Dispose() => turns?.Release();
}
