using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Governance.Infrastructure.Data.Sqlite;

/// <summary>The engine's own handle of a connection.</summary>
internal static class SqliteHandle
{
    /// <summary>Its type is of the engine's assembly in another version than the one compiled against (ADR 2), so it cannot be named.</summary>
    private static readonly PropertyInfo Handle = typeof(SqliteConnection).GetProperty("Handle")!;

    /// <returns>None while the connection is closed.</returns>
    public static sqlite3? Of(SqliteConnection connection) => (sqlite3?)Handle.GetValue(connection);
}
