using Governance.Domain.Budgets;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Sqlite;
using Microsoft.Data.Sqlite;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>Writes on one SQLite connection. A transaction begins with the file's write lock, so what it reads stays true until it commits.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="tables">What is written.</param>
/// <param name="own">Where turns are taken, if the connection is the session's own; none where it writes in somebody else's transaction.</param>
internal sealed class SqliteLedgerSession(SqliteConnection connection, LedgerTables tables, GovernanceDatabase? own) : LedgerSession
{
    /// <summary>Pages kept in memory, in KiB: a batch touches some hundred. What a statement could have to undo is kept there, too, and not in a file.</summary>
    private const string Memory = "PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;";

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private WriteTurn _turn;

    public static async Task<SqliteLedgerSession> OpenAsync(GovernanceDatabase database, LedgerTables tables)
    {
        var connection = new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var pragmas = connection.CreateCommand();
        pragmas.CommandText = SqlitePragmas.Pragmas + Memory;
        await pragmas.ExecuteNonQueryAsync();
        return new SqliteLedgerSession(connection, tables, database);
    }

    public override async ValueTask BeginAsync()
    {
        _turn = await own!.TakeTurnAsync();
        Run("BEGIN IMMEDIATE");
    }

    public override ValueTask<LedgerState> ReadAsync(LedgerQuestion question)
    {
        var found = new LedgerState();
        foreach (var scope in question.Scopes) ReadBudgets(scope, found.Budgets);
        foreach (var budget in found.Budgets)
        {
            foreach (var start in question.Days.Select(day => budget.Window.StartOf(day)).Distinct()) ReadPeriod(budget.Id, start, found.Periods);
        }

        foreach (var process in question.Processes) ReadLeases(process, found.Leases);
        return new(found);
    }

    public override ValueTask WriteAsync(LedgerRows rows)
    {
        Insert(tables.Calls, rows.Calls);
        Insert(tables.Entries, rows.Entries);
        Insert(tables.Attempts, rows.Attempts);
        Insert(tables.Events, rows.Events);
        Insert(tables.Parts, rows.Parts);
        Insert(tables.Periods, rows.Periods, tables.AddToPeriod);
        Insert(tables.Leases, rows.Leases, tables.AddToLease);
        Insert(tables.Rollups, rows.Rollups, tables.AddToRollup);
        return default;
    }

    public override ValueTask CommitAsync()
    {
        Run("COMMIT");
        EndTurn();
        return default;
    }

    public override ValueTask RollbackAsync()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself.
        }

        EndTurn();
        return default;
    }

    /// <summary>The session's own statements and connection; whose transaction it wrote in keeps the connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        if (own is not null) await connection.DisposeAsync();
        EndTurn();
    }

    private void ReadBudgets(Guid scope, List<Budget> budgets)
    {
        var statement = Statement("""SELECT "Id", "OrganizationId", "Scope", "Window", "LimitNanoUsd", "Hard", "CountsFrom" FROM "Budgets" WHERE "ScopeId" = ?""");
        statement.Bind(1, scope);
        while (statement.Step())
        {
            budgets.Add(new Budget
            {
                Id = statement.GetGuid(0),
                OrganizationId = statement.GetGuid(1),
                Scope = Enum.Parse<BudgetScope>(statement.GetString(2)),
                ScopeId = scope,
                Window = Enum.Parse<BudgetWindow>(statement.GetString(3)),
                LimitNanoUsd = statement.GetInt64(4),
                Hard = statement.GetInt64(5) != 0,
                CountsFrom = statement.GetDate(6),
            });
        }
    }

    private void ReadPeriod(Guid budget, DateOnly start, List<BudgetPeriod> periods)
    {
        var statement = Statement("""SELECT "OrganizationId", "SpentNanoUsd", "HeldNanoUsd" FROM "BudgetPeriods" WHERE "BudgetId" = ? AND "Start" = ?""");
        statement.Bind(1, budget);
        statement.Bind(2, start);
        while (statement.Step())
        {
            periods.Add(new BudgetPeriod
            {
                BudgetId = budget,
                Start = start,
                OrganizationId = statement.GetGuid(0),
                SpentNanoUsd = statement.GetInt64(1),
                HeldNanoUsd = statement.GetInt64(2),
            });
        }
    }

    private void ReadLeases(Guid process, List<BudgetLease> leases)
    {
        var statement = Statement("""SELECT "BudgetId", "Start", "OrganizationId", "AmountNanoUsd" FROM "BudgetLeases" WHERE "InstanceId" = ?""");
        statement.Bind(1, process);
        while (statement.Step())
        {
            leases.Add(new BudgetLease
            {
                InstanceId = process,
                BudgetId = statement.GetGuid(0),
                Start = statement.GetDate(1),
                OrganizationId = statement.GetGuid(2),
                AmountNanoUsd = statement.GetInt64(3),
            });
        }
    }

    private void Run(string sql) => Statement(sql).Run();

    private void EndTurn()
    {
        _turn.Dispose();
        _turn = default;
    }

    private void Insert<TRow>(RowTable<TRow> table, IReadOnlyCollection<TRow> rows, string onConflict = "")
    {
        if (rows.Count == 0) return;
        var columns = table.Columns;
        var statement = Statement(table.InsertOf(onConflict));
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++) columns[i].Bind(statement, i + 1, row);
            statement.Run();
        }
    }

    private SqliteStatement Statement(string sql) => _statements.TryGetValue(sql, out var known) ? known : _statements[sql] = new SqliteStatement(connection, sql);
}
