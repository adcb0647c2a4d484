using System.Globalization;
using System.Security.Cryptography;
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
    IOptions<DataDirectoryOptions> data,
    TimeProvider time,
    ILogger<DatabaseStartup> logger)
{
    private const int MaxAttempts = 5;

    /// <exception cref="OptionsValidationException">The master key is not the one this database was made with.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using (var owner = database.AsOwner())
        {
            var pending = (await owner.Database.GetPendingMigrationsAsync(cancellation)).ToList();
            if (pending.Count > 0)
            {
                BackUp();
                Log.Migrating(logger, pending.Count, database.Provider);
                await owner.Database.MigrateAsync(cancellation);
            }

            if (database.Provider == DatabaseProvider.Postgres)
                await RunningRights.GrantAsync(owner, database.RunningConnectionString, cancellation);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = database.AcrossOrganizations();
                await CheckMasterKeyAsync(db, cancellation);
                return;
            }
            catch (DbUpdateException) when (attempt < MaxAttempts)
            {
                // Another process that starts at the same moment wrote them first; now they are there.
            }
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
