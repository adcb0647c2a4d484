using Governance.Infrastructure.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using static SQLitePCL.raw;

namespace Governance.Infrastructure.Data;

/// <summary>Ends a reading that takes too long, so that no question can keep the database from everybody else.</summary>
internal static class ReadLimit
{
    /// <param name="db">The context that is read from.</param>
    /// <param name="longest">How long all of it may take.</param>
    /// <param name="read">The reading.</param>
    /// <param name="cancellation">Ends it, too.</param>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public static async Task<T> WithinAsync<T>(GovernanceDbContext db, TimeSpan longest, Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await db.Database.OpenConnectionAsync(cancellation);
        limit.CancelAfter(longest);
        try
        {
            // PostgreSQL is told by its driver. SQLite works in this process and looks at no token.
            using var interruption = limit.Token.Register(() => Interrupt(db));
            return await read(limit.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && exception is OperationCanceledException or SqliteException { SqliteErrorCode: SQLITE_INTERRUPT })
        {
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"The database did not answer within {longest.TotalSeconds} seconds.", exception);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static void Interrupt(GovernanceDbContext db)
    {
        if (db.Database.GetDbConnection() is not SqliteConnection connection) return;
        if (SqliteHandle.Of(connection) is { } handle) sqlite3_interrupt(handle);
    }
}
