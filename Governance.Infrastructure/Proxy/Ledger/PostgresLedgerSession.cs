using Governance.Domain.Budgets;
using Governance.Infrastructure.Budgets;
using Npgsql;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>
/// Writes on PostgreSQL, all rows of a table by one statement over arrays. What decides is read on one way to the database, and what is written and
/// the commit go on another. Statements that read come after those that lock: in a transaction that sees what is committed, each statement sees
/// what is there when it begins.
/// </summary>
/// <param name="connection">An open connection.</param>
/// <param name="tables">What is written.</param>
/// <param name="transaction">Somebody else's transaction to write in; none where the session begins its own.</param>
internal sealed class PostgresLedgerSession(NpgsqlConnection connection, LedgerTables tables, NpgsqlTransaction? transaction = null) : LedgerSession
{
    /// <summary>The lock under which the set of budgets is read, and changed by <see cref="BudgetService"/>; any number that nothing else of this program uses.</summary>
    public const long BudgetsLock = 7_012_027;

    private readonly bool _own = transaction is null;
    private NpgsqlBatch _batch = new(connection, transaction);

    /// <summary>A session with a connection of its own, which blocks its thread: on the way over the thread pool and back, other threads would have to wake four times a transaction.</summary>
    public static PostgresLedgerSession Open(string connectionString, LedgerTables tables)
    {
        // A socket blocks only as long as nobody uses it otherwise: by its name, the connection comes from a pool that is the ledger's alone.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "governance-ledger", MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();

        // Statements are planned once: planning them anew for the length of their arrays takes longer than it saves.
        using var plans = new NpgsqlCommand("SET plan_cache_mode = force_generic_plan", connection);
        plans.ExecuteNonQuery();
        return new PostgresLedgerSession(connection, tables);
    }

    public override ValueTask BeginAsync()
    {
        Add("BEGIN ISOLATION LEVEL READ COMMITTED");
        return default;
    }

    public override async ValueTask<LedgerState> ReadAsync(LedgerQuestion question)
    {
        var found = new LedgerState();
        var rows = new List<Action<NpgsqlDataReader>>();
        Ask($"SELECT pg_advisory_xact_lock_shared({BudgetsLock})", _ => { });
        if (question.Scopes.Count > 0)
        {
            // The lock lets those pass that add to periods: a period that is new refers to its budget.
            var scopes = question.Scopes.ToArray();
            Ask(
                $"""
                SELECT "Id", "OrganizationId", "Scope", "ScopeId", "Window", "LimitNanoUsd", "Hard", "CountsFrom" FROM "Budgets"
                WHERE "ScopeId" = ANY($1) ORDER BY "Id" {(question.Decides ? "FOR NO KEY UPDATE" : "")}
                """, row => found.Budgets.Add(ToBudget(row)), scopes);
            var windows = Enum.GetValues<BudgetWindow>()
                .SelectMany(window => question.Days.Select(day => (Window: window.ToString(), Start: window.StartOf(day))).Distinct()).ToList();
            if (windows.Count > 0)
            {
                Ask(
                    """
                    SELECT p."BudgetId", p."Start", p."OrganizationId", p."SpentNanoUsd", p."HeldNanoUsd"
                    FROM "Budgets" b JOIN unnest($2::text[], $3::date[]) AS wanted("window", start) ON b."Window" = wanted."window"
                    JOIN "BudgetPeriods" p ON p."BudgetId" = b."Id" AND p."Start" = wanted.start
                    WHERE b."ScopeId" = ANY($1)
                    """, row => found.Periods.Add(ToPeriod(row)), scopes, windows.ConvertAll(window => window.Window).ToArray(), windows.ConvertAll(window => window.Start).ToArray());
            }
        }

        if (question.Processes.Count > 0)
        {
            Ask(
                """SELECT "InstanceId", "BudgetId", "Start", "OrganizationId", "AmountNanoUsd" FROM "BudgetLeases" WHERE "InstanceId" = ANY($1)""",
                row => found.Leases.Add(ToLease(row)), question.Processes.ToArray());
        }

        await using var batch = TakeBatch();
        await using var reader = _own ? batch.ExecuteReader() : await batch.ExecuteReaderAsync();
        foreach (var read in rows)
        {
            while (_own ? reader.Read() : await reader.ReadAsync()) read(reader);
            _ = _own ? reader.NextResult() : await reader.NextResultAsync();
        }

        return found;

        void Ask(string sql, Action<NpgsqlDataReader> row, params object[] values)
        {
            Add(sql, values);
            rows.Add(row);
        }
    }

    /// <summary>Where the session has its own transaction, they go with the commit.</summary>
    public override async ValueTask WriteAsync(LedgerRows rows)
    {
        Insert(tables.Calls, rows.Calls);
        Insert(tables.Entries, rows.Entries);
        Insert(tables.Attempts, rows.Attempts);
        Insert(tables.Events, rows.Events);
        Insert(tables.Parts, rows.Parts);
        Insert(tables.Leases, rows.Leases, tables.AddToLease);
        Insert(tables.Rollups, rows.Rollups, tables.AddToRollup);
        Insert(tables.Periods, rows.Periods, tables.AddToPeriod); // Last, as others wait for these.
        if (!_own) await SendAsync();
    }

    public override async ValueTask CommitAsync()
    {
        Add("COMMIT");
        await SendAsync();
    }

    public override async ValueTask RollbackAsync()
    {
        try
        {
            await TakeBatch().DisposeAsync();
            Add("ROLLBACK");
            await SendAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection is gone, and the transaction with it.
        }
    }

    /// <summary>The session's own connection; whose transaction it wrote in keeps theirs.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _batch.DisposeAsync();
        if (_own) await connection.DisposeAsync();
    }

    private static Budget ToBudget(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        OrganizationId = row.GetGuid(1),
        Scope = Enum.Parse<BudgetScope>(row.GetString(2)),
        ScopeId = row.GetGuid(3),
        Window = Enum.Parse<BudgetWindow>(row.GetString(4)),
        LimitNanoUsd = row.GetInt64(5),
        Hard = row.GetBoolean(6),
        CountsFrom = row.GetFieldValue<DateOnly>(7),
    };

    private static BudgetPeriod ToPeriod(NpgsqlDataReader row) => new()
    {
        BudgetId = row.GetGuid(0),
        Start = row.GetFieldValue<DateOnly>(1),
        OrganizationId = row.GetGuid(2),
        SpentNanoUsd = row.GetInt64(3),
        HeldNanoUsd = row.GetInt64(4),
    };

    private static BudgetLease ToLease(NpgsqlDataReader row) => new()
    {
        InstanceId = row.GetGuid(0),
        BudgetId = row.GetGuid(1),
        Start = row.GetFieldValue<DateOnly>(2),
        OrganizationId = row.GetGuid(3),
        AmountNanoUsd = row.GetInt64(4),
    };

    private async Task SendAsync()
    {
        await using var batch = TakeBatch();
        if (batch.BatchCommands.Count > 0) _ = _own ? batch.ExecuteNonQuery() : await batch.ExecuteNonQueryAsync();
    }

    /// <summary>What is to be sent; what is added from here on goes on the next way.</summary>
    private NpgsqlBatch TakeBatch()
    {
        var batch = _batch;
        _batch = new NpgsqlBatch(connection, transaction);
        return batch;
    }

    private void Add(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        _batch.BatchCommands.Add(command);
    }

    private void Insert<TRow>(RowTable<TRow> table, IReadOnlyList<TRow> rows, string onConflict = "")
    {
        if (rows.Count == 0) return;
        var arrays = string.Join(", ", table.Columns.Select((column, i) => $"${i + 1}::{column.StoreType}[]"));
        Add(
            $"INSERT INTO \"{table.Name}\" ({table.ColumnList}) SELECT * FROM unnest({arrays}){onConflict}",
            [.. table.Columns.Select(column => column.ValuesOf(rows))]);
    }
}
