using System.Globalization;
using Governance.Domain.Budgets;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Data;
using Microsoft.Data.Sqlite;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>Writes on one SQLite connection. A transaction begins with the file's write lock, so what it reads stays true until it commits.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="tables">What is written.</param>
/// <param name="transaction">Somebody else's transaction to write in; none where the session begins its own.</param>
internal sealed class SqliteLedgerSession(SqliteConnection connection, LedgerTables tables, SqliteTransaction? transaction = null) : LedgerSession
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public static async Task<SqliteLedgerSession> OpenAsync(string connectionString, LedgerTables tables)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using var pragmas = connection.CreateCommand();
        pragmas.CommandText = SqlitePragmas.Pragmas;
        await pragmas.ExecuteNonQueryAsync();
        return new SqliteLedgerSession(connection, tables);
    }

    public override ValueTask BeginAsync() => Execute("BEGIN IMMEDIATE");

    public override ValueTask<IReadOnlyList<Budget>> LockBudgetsAsync(IReadOnlyCollection<Guid> scopes)
    {
        var budgets = new List<Budget>();
        foreach (var scope in scopes)
        {
            var command = Command(
                """SELECT "Id", "OrganizationId", "Scope", "Window", "LimitNanoUsd", "Hard", "CountsFrom" FROM "Budgets" WHERE "ScopeId" = $0""", 1);
            command.Parameters[0].Value = scope;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                budgets.Add(new Budget
                {
                    Id = reader.GetGuid(0),
                    OrganizationId = reader.GetGuid(1),
                    Scope = Enum.Parse<BudgetScope>(reader.GetString(2)),
                    ScopeId = scope,
                    Window = Enum.Parse<BudgetWindow>(reader.GetString(3)),
                    LimitNanoUsd = reader.GetInt64(4),
                    Hard = reader.GetBoolean(5),
                    CountsFrom = DateOnly.Parse(reader.GetString(6), CultureInfo.InvariantCulture),
                });
            }
        }

        return new(budgets);
    }

    public override ValueTask<IReadOnlyList<BudgetPeriod>> PeriodsAsync(IReadOnlyCollection<(Guid BudgetId, DateOnly Start)> periods)
    {
        var found = new List<BudgetPeriod>();
        foreach (var (budget, start) in periods)
        {
            var command = Command("""SELECT "OrganizationId", "SpentNanoUsd", "HeldNanoUsd" FROM "BudgetPeriods" WHERE "BudgetId" = $0 AND "Start" = $1""", 2);
            command.Parameters[0].Value = budget;
            command.Parameters[1].Value = start;
            using var reader = command.ExecuteReader();
            if (!reader.Read()) continue;
            found.Add(new BudgetPeriod
            {
                BudgetId = budget,
                Start = start,
                OrganizationId = reader.GetGuid(0),
                SpentNanoUsd = reader.GetInt64(1),
                HeldNanoUsd = reader.GetInt64(2),
            });
        }

        return new(found);
    }

    public override ValueTask<IReadOnlyList<BudgetHold>> TakeHoldsAsync(IReadOnlyCollection<Guid> calls)
    {
        var taken = new List<BudgetHold>();
        foreach (var call in calls)
        {
            var command = Command("""DELETE FROM "BudgetHolds" WHERE "CallId" = $0 RETURNING "BudgetId", "OrganizationId", "Start", "AmountNanoUsd" """, 1);
            command.Parameters[0].Value = call;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                taken.Add(new BudgetHold
                {
                    CallId = call,
                    BudgetId = reader.GetGuid(0),
                    OrganizationId = reader.GetGuid(1),
                    Start = DateOnly.Parse(reader.GetString(2), CultureInfo.InvariantCulture),
                    AmountNanoUsd = reader.GetInt64(3),
                });
            }
        }

        return new(taken);
    }

    public override ValueTask WriteAsync(LedgerRows rows)
    {
        Insert(tables.Calls, rows.Calls);
        Insert(tables.Entries, rows.Entries);
        Insert(tables.Attempts, rows.Attempts);
        Insert(tables.Events, rows.Events);
        Insert(tables.Parts, rows.Parts);
        Insert(tables.Holds, rows.Holds);
        Insert(tables.Periods, rows.Periods, tables.AddToPeriod);
        Insert(tables.Dimensions, rows.Dimensions, LedgerTables.UnlessKnown);
        Insert(tables.Rollups, rows.Rollups, tables.AddToRollup);
        return default;
    }

    public override ValueTask CommitAsync() => Execute("COMMIT");

    public override ValueTask RollbackAsync()
    {
        try
        {
            return Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            return default; // SQLite has rolled back by itself.
        }
    }

    /// <summary>The session's own statements and connection; whose transaction it wrote in keeps the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values) await command.DisposeAsync();
        if (transaction is null) await connection.DisposeAsync();
    }

    private ValueTask Execute(string sql)
    {
        Command(sql, 0).ExecuteNonQuery();
        return default;
    }

    private void Insert<TRow>(RowTable<TRow> table, IReadOnlyCollection<TRow> rows, string onConflict = "")
    {
        if (rows.Count == 0) return;
        var columns = table.Columns;
        var command = Command(
            $"INSERT INTO \"{table.Name}\" ({table.ColumnList}) VALUES ({string.Join(", ", Enumerable.Range(0, columns.Count).Select(i => $"${i}"))}){onConflict}", columns.Count);
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++) command.Parameters[i].Value = columns[i].ValueOf(row);
            command.ExecuteNonQuery();
        }
    }

    private SqliteCommand Command(string sql, int parameters)
    {
        if (_commands.TryGetValue(sql, out var known)) return known;
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return _commands[sql] = command;
    }
}
