using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Governance.Infrastructure.Data;

/// <summary>Tells a write that lost against a simultaneous one, which is to be refused, from an outage or a bug.</summary>
internal static class WriteConflict
{
    private const int SqliteConstraint = 19;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;

    /// <summary>Whether one row of several may be to blame, so that the others are worth another try: not a locked or lost database.</summary>
    public static bool IsOfOneRow(this Exception exception) => exception switch
    {
        DbUpdateException { InnerException: SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked } } => false,
        DbUpdateException { InnerException: NpgsqlException and not PostgresException } => false,
        SqliteException { SqliteErrorCode: SqliteConstraint } => true,
        PostgresException { SqlState: ['2', '2' or '3', ..] } => true, // Data that does not fit, or breaks a constraint.
        InvalidOperationException { InnerException: null } => true, // EF refuses two rows of one id before it asks the database.
        _ => exception is DbUpdateException,
    };

    /// <summary>Whether a unique value was taken, or two transactions could not be put into an order.</summary>
    public static bool IsConflict(this Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException { SqliteExtendedErrorCode: SqliteUnique or SqlitePrimaryKey }) return true;
            if (cause is PostgresException
                { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected }) return true;
        }

        return false;
    }
}
