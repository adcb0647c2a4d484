using Governance.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Governance.Infrastructure.Data.Postgres;

/// <summary>
/// Adds, over the owner's connection, the partitions of the months to come, and those of months of which rows stand in the default partitions.
/// The function in the database does the work; months that are there already stay as they are.
/// </summary>
internal sealed class PartitionsJob(GovernanceDatabase database, TimeProvider time, ILogger<PartitionsJob> logger) : IJob
{
    internal const int MonthsAhead = 3;

    /// <summary>How long rows may take to move out of the default partitions, where they stand for as long as nobody could add a month.</summary>
    private static readonly TimeSpan LongestMove = TimeSpan.FromMinutes(10);

    public string Name => "partitions";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public JobScope Scope => JobScope.OnceAcrossProcesses;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (database.Provider != DatabaseProvider.Postgres) return;
        var now = time.GetUtcNow();
        var (first, last) = (new DateOnly(now.Year, now.Month, 1), new DateOnly(now.Year, now.Month, 1).AddMonths(MonthsAhead));
        await using var owner = database.AsOwner();
        owner.Database.SetCommandTimeout(LongestMove);
        if (await MayAddAsync(owner, cancellation))
        {
            foreach (var month in await MissingAsync(owner, first, last, cancellation)) await AddAsync(owner, month, cancellation);
        }
        else if (await AheadAsync(owner, first, last, cancellation) is [var missing, ..])
        {
            Log.PartitionsNeedOwner(logger, missing);
        }
    }

    private static Task<bool> MayAddAsync(GovernanceDbContext db, CancellationToken cancellation) =>
        db.Database.SqlQuery<bool>(
            $"""
            SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE') AS "Value" FROM pg_class WHERE oid = '"Calls"'::regclass
            """).SingleAsync(cancellation);

    private static Task<List<DateOnly>> AheadAsync(GovernanceDbContext db, DateOnly first, DateOnly last, CancellationToken cancellation) =>
        db.Database.SqlQuery<DateOnly>(
            $"""
            SELECT month::date AS "Value" FROM generate_series({first}::timestamp, {last}::timestamp, interval '1 month') AS month
            WHERE to_regclass(format('%I', to_char(month, '"Calls_"YYYY_MM'))) IS NULL ORDER BY month
            """).ToListAsync(cancellation);

    /// <summary>Those ahead, and those before of which the default partition has calls: what belongs to a call stands where the call does.</summary>
    private static async Task<IEnumerable<DateOnly>> MissingAsync(GovernanceDbContext db, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var ahead = await AheadAsync(db, first, last, cancellation);
        var before = await db.Database.SqlQuery<DateOnly>(
            $"""
            SELECT month AS "Value" FROM (SELECT DISTINCT governance_month_of("Id") AS month FROM "Calls_default" WHERE "Id" < governance_month_bound({first})) AS months
            WHERE to_regclass(format('%I', to_char(month, '"Calls_"YYYY_MM'))) IS NULL ORDER BY month
            """).ToListAsync(cancellation);
        return ahead.Concat(before);
    }

    /// <summary>Each month in a transaction of its own, so that nobody waits longer than for one.</summary>
    private async Task AddAsync(GovernanceDbContext owner, DateOnly month, CancellationToken cancellation)
    {
        try
        {
            if (await owner.Database.SqlQuery<bool>($"SELECT governance_add_month({month}) AS \"Value\"").SingleAsync(cancellation)) Log.PartitionsAdded(logger, month);
        }
        catch (Exception exception) when (IsInUse(exception))
        {
            Log.PartitionsWait(logger, month);
        }
    }

    /// <summary>The framework wraps what it thinks might go well another time.</summary>
    private static bool IsInUse(Exception exception) =>
        (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;
}
