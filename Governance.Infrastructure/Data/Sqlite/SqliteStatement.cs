using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Governance.Infrastructure.Data.Sqlite;

/// <summary>
/// A prepared statement without ADO.NET in between: parameters go by number, starting with one, and nothing is boxed. Values look as
/// Microsoft.Data.Sqlite writes and reads them. Not safe for several threads.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int OnStack = 512;
    private const int GuidLength = 36;
    private const int DateLength = 10;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The statement is wrong.</exception>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = SqliteHandle.Of(connection)!;
        Check(sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Runs it to its end; afterwards it can be bound and run again.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public void Run()
    {
        while (Step())
        {
            // What it returns is not asked for.
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False after the last; the statement can be bound and run again then.</returns>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        var code = sqlite3_step(_statement);
        if (code == SQLITE_ROW) return true;
        var failure = code == SQLITE_DONE ? null : Failure();
        sqlite3_reset(_statement);
        return failure is null ? false : throw failure;
    }

    public void Bind(int parameter, long value) => Check(sqlite3_bind_int64(_statement, parameter, value));

    public void BindNull(int parameter) => Check(sqlite3_bind_null(_statement, parameter));

    public void Bind(int parameter, Guid value)
    {
        Span<byte> text = stackalloc byte[GuidLength];
        value.TryFormat(text, out _);
        foreach (ref var character in text)
        {
            if (character >= (byte)'a') character -= 'a' - 'A';
        }

        Check(sqlite3_bind_text(_statement, parameter, text));
    }

    public void Bind(int parameter, DateOnly value)
    {
        Span<byte> text = stackalloc byte[DateLength];
        value.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Check(sqlite3_bind_text(_statement, parameter, text));
    }

    public void Bind(int parameter, byte[] value) =>
        Check(value.Length == 0 ? sqlite3_bind_zeroblob(_statement, parameter, 0) : sqlite3_bind_blob(_statement, parameter, value));

    public void Bind(int parameter, string value)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (value.Length == 0 || longest > OnStack)
        {
            Check(sqlite3_bind_text(_statement, parameter, value)); // An empty span would be NULL.
            return;
        }

        Span<byte> text = stackalloc byte[OnStack];
        Check(sqlite3_bind_text(_statement, parameter, text[..Encoding.UTF8.GetBytes(value, text)]));
    }

    public long GetInt64(int column) => sqlite3_column_int64(_statement, column);

    public string GetString(int column) => sqlite3_column_text(_statement, column).utf8_to_string();

    public Guid GetGuid(int column) => Guid.Parse(Utf8(column));

    public DateOnly GetDate(int column)
    {
        Span<char> text = stackalloc char[DateLength];
        return DateOnly.ParseExact(text[..Encoding.UTF8.GetChars(Utf8(column), text)], "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>A text as the engine has it, until the statement goes on.</summary>
    private ReadOnlySpan<byte> Utf8(int column) => sqlite3_column_blob(_statement, column);

    private void Check(int code)
    {
        if (code != SQLITE_OK) throw Failure();
    }

    private SqliteException Failure()
    {
        var (message, code) = (sqlite3_errmsg(_database).utf8_to_string(), sqlite3_extended_errcode(_database));
        return new SqliteException($"SQLite Error {code & 0xff}: '{message}'.", code & 0xff, code);
    }
}

/// <summary>How values of a type become parameters.</summary>
internal static class SqliteBinder
{
    private static readonly Dictionary<Type, Delegate> Binders = new()
    {
        [typeof(long)] = Of<long>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(int)] = Of<int>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(bool)] = Of<bool>((statement, parameter, value) => statement.Bind(parameter, value ? 1 : 0)),
        [typeof(Guid)] = Of<Guid>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(DateOnly)] = Of<DateOnly>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(long?)] = OrNull<long>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(int?)] = OrNull<int>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(bool?)] = OrNull<bool>((statement, parameter, value) => statement.Bind(parameter, value ? 1 : 0)),
        [typeof(Guid?)] = OrNull<Guid>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(DateOnly?)] = OrNull<DateOnly>((statement, parameter, value) => statement.Bind(parameter, value)),
        [typeof(string)] = Of<string?>((statement, parameter, value) =>
        {
            if (value is null) statement.BindNull(parameter);
            else statement.Bind(parameter, value);
        }),
        [typeof(byte[])] = Of<byte[]?>((statement, parameter, value) =>
        {
            if (value is null) statement.BindNull(parameter);
            else statement.Bind(parameter, value);
        }),
    };

    /// <exception cref="NotSupportedException">No column has had values of this type so far.</exception>
    public static Action<SqliteStatement, int, T> For<T>() =>
        Binders.TryGetValue(typeof(T), out var binder) ? (Action<SqliteStatement, int, T>)binder : throw new NotSupportedException($"A parameter of the type {typeof(T)} cannot be bound.");

    private static Action<SqliteStatement, int, T> Of<T>(Action<SqliteStatement, int, T> bind) => bind;

    private static Action<SqliteStatement, int, T?> OrNull<T>(Action<SqliteStatement, int, T> bind)
        where T : struct => (statement, parameter, value) =>
    {
        if (value is { } given) bind(statement, parameter, given);
        else statement.BindNull(parameter);
    };
}
