using System.Globalization;
using System.Security.Cryptography;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Infrastructure.Secrets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Data;

/// <summary>Brings the database up to date before anything listens: backup, migrations, master key check.</summary>
public sealed class DatabaseStartup(
    GovernanceDatabase database,
    MasterKey masterKey,
    LedgerProof ledger,
    IOptions<DataDirectoryOptions> data,
    TimeProvider time,
    ILogger<DatabaseStartup> logger)
{
    private const int MaxAttempts = 5;

    /// <summary>The number of the lock; any that nothing else of this program uses.</summary>
    private const long MigrationLock = 7_012_026;

    /// <exception cref="OptionsValidationException">The master key is not the one this database was made with.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using (var owner = database.AsOwner())
        {
            owner.Database.SetCommandTimeout(0); // A migration may copy a table of millions of rows, and who starts meanwhile waits for it.
            await UnderLockAsync(owner, () => MigrateAsync(owner, cancellation), cancellation);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = database.AcrossOrganizations();
                await CheckMasterKeyAsync(db, cancellation);
                await RollUpAsync(db, cancellation);
                return;
            }
            catch (DbUpdateException) when (attempt < MaxAttempts)
            {
                // Another process that starts at the same moment wrote them first; now they are there.
            }
        }
    }

    /// <summary>A ledger from before there were rollups gets them.</summary>
    private async Task RollUpAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        if (await db.CostRollups.AnyAsync(cancellation)) return;
        foreach (var organization in await db.Organizations.Select(row => row.Id).ToListAsync(cancellation))
        {
            if (await db.LedgerEntries.AnyAsync(entry => entry.OrganizationId == organization, cancellation)) await ledger.RebuildAsync(organization, cancellation);
        }
    }

    private async Task MigrateAsync(GovernanceDbContext owner, CancellationToken cancellation)
    {
        var pending = (await owner.Database.GetPendingMigrationsAsync(cancellation)).ToList();
        if (pending.Count > 0)
        {
            BackUp();
            Log.Migrating(logger, pending.Count, database.Provider);
            await owner.Database.MigrateAsync(cancellation);
        }

        if (database.Provider == DatabaseProvider.Postgres) await RunningRights.GrantAsync(owner, database.RunningConnectionString, cancellation);
    }

    /// <summary>
    /// Lets one process at a time migrate a PostgreSQL. The framework's own lock there ends with each migration's transaction, so that a
    /// second process could begin between two of them.
    /// </summary>
    private async Task UnderLockAsync(GovernanceDbContext owner, Func<Task> migrate, CancellationToken cancellation)
    {
        if (database.Provider != DatabaseProvider.Postgres || !await owner.Database.CanConnectAsync(cancellation))
        {
            await migrate(); // A database that is not there yet is made by the first migration.
            return;
        }

        await owner.Database.OpenConnectionAsync(cancellation);
        await owner.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", cancellation);
        try
        {
            await migrate();
        }
        finally
        {
            await owner.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
            await owner.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Copies an existing SQLite file, consistently and with what its write-ahead log holds.</summary>
    private void BackUp()
    {
        if (database.SqliteFile is not { } file || !File.Exists(file) || new FileInfo(file).Length == 0) return;

        var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var backup = data.Value.PathOf("backups", $"governance-{stamp}.db");
        using var source = new SqliteConnection($"Data Source={file};Pooling=False");
        using var target = new SqliteConnection($"Data Source={backup};Pooling=False");
        source.Open();
        target.Open();
        source.BackupDatabase(target);
        Log.BackedUp(logger, backup);
    }

    private async Task CheckMasterKeyAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        var check = await db.MasterKeyChecks.AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (check is null)
        {
            db.MasterKeyChecks.Add(new MasterKeyCheck { Id = 1, Wrapped = masterKey.Wrap(MasterKeyCheck.Purpose, "governance"u8) });
            await db.SaveChangesAsync(cancellation);
            return;
        }

        try
        {
            masterKey.Unwrap(MasterKeyCheck.Purpose, check.Wrapped);
        }
        catch (CryptographicException)
        {
            throw new OptionsValidationException(KeyOptions.Section, typeof(KeyOptions),
                ["The master key does not fit this database. Restore keys/master.key, or set Keys__Master to the key it was made with."]);
        }
    }
}
