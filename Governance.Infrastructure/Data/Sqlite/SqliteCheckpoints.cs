using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Data.Sqlite;

/// <summary>
/// Copies what is committed from the write-ahead log to the file, so that nobody who commits has to. Readers and writers go on meanwhile; what it
/// cannot copy, a commit does once the log is long.
/// </summary>
internal sealed class SqliteCheckpoints(GovernanceDatabase database) : IJob
{
    public string Name => "sqlite-checkpoint";

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public JobScope Scope => JobScope.EveryProcess;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (database.Provider != DatabaseProvider.Sqlite) return;
        await using var db = database.AcrossOrganizations();
        await db.Database.ExecuteSqlAsync($"PRAGMA wal_checkpoint(PASSIVE)", cancellation);
    }
}
