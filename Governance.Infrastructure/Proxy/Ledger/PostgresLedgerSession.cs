using Governance.Domain.Budgets;
using Governance.Infrastructure.Budgets;
using Npgsql;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>
/// Writes on PostgreSQL, all rows of a table by one statement over arrays, all tables by one batch. What decides is read in one batch, too, by
/// statements after those that lock it: in a transaction that sees what is committed, each statement sees what is there when it begins.
/// </summary>
/// <param name="connection">An open connection.</param>
/// <param name="tables">What is written.</param>
/// <param name="transaction">Somebody else's transaction to write in; none where the session begins its own.</param>
internal sealed class PostgresLedgerSession(NpgsqlConnection connection, LedgerTables tables, NpgsqlTransaction? transaction = null) : LedgerSession
{
    /// <summary>The lock under which the set of budgets is read, and changed by <see cref="BudgetService"/>; any number that nothing else of this program uses.</summary>
    public const long BudgetsLock = 7_012_027;

    private readonly bool _own = transaction is null;
    private NpgsqlTransaction? _transaction = transaction;

    public override async ValueTask BeginAsync() => _transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted);

    public override async ValueTask<LedgerState> ReadAsync(LedgerQuestion question)
    {
        var found = new LedgerState();
        var windows = Enum.GetValues<BudgetWindow>()
            .SelectMany(window => question.Days.Select(day => (Window: window.ToString(), Start: window.StartOf(day))).Distinct()).ToList();
        await using var batch = new NpgsqlBatch(connection, _transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"SELECT pg_advisory_xact_lock_shared({BudgetsLock})"),
                Ask(
                    """
                    SELECT "Id", "OrganizationId", "Scope", "ScopeId", "Window", "LimitNanoUsd", "Hard", "CountsFrom" FROM "Budgets"
                    WHERE "ScopeId" = ANY($1) ORDER BY "Id" FOR UPDATE
                    """, question.Scopes.ToArray()),
                Ask(
                    """
                    SELECT p."BudgetId", p."Start", p."OrganizationId", p."SpentNanoUsd", p."HeldNanoUsd"
                    FROM "Budgets" b JOIN unnest($2::text[], $3::date[]) AS wanted("window", start) ON b."Window" = wanted."window"
                    JOIN "BudgetPeriods" p ON p."BudgetId" = b."Id" AND p."Start" = wanted.start
                    WHERE b."ScopeId" = ANY($1)
                    """, question.Scopes.ToArray(), windows.ConvertAll(window => window.Window).ToArray(), windows.ConvertAll(window => window.Start).ToArray()),
                Ask("""SELECT "Id", "CeilingNanoUsd", "HeldOn" FROM "Calls" WHERE "Id" = ANY($1) AND "HeldOn" <> '' """, question.Settled.ToArray()),
                Ask(
                    """SELECT "InstanceId", "BudgetId", "Start", "OrganizationId", "AmountNanoUsd" FROM "BudgetLeases" WHERE "InstanceId" = ANY($1)""",
                    question.Processes.ToArray()),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            found.Budgets.Add(new Budget
            {
                Id = reader.GetGuid(0),
                OrganizationId = reader.GetGuid(1),
                Scope = Enum.Parse<BudgetScope>(reader.GetString(2)),
                ScopeId = reader.GetGuid(3),
                Window = Enum.Parse<BudgetWindow>(reader.GetString(4)),
                LimitNanoUsd = reader.GetInt64(5),
                Hard = reader.GetBoolean(6),
                CountsFrom = reader.GetFieldValue<DateOnly>(7),
            });
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            found.Periods.Add(new BudgetPeriod
            {
                BudgetId = reader.GetGuid(0),
                Start = reader.GetFieldValue<DateOnly>(1),
                OrganizationId = reader.GetGuid(2),
                SpentNanoUsd = reader.GetInt64(3),
                HeldNanoUsd = reader.GetInt64(4),
            });
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync()) found.Held[reader.GetGuid(0)] = new CallHold(reader.GetInt64(1), PeriodKey.Parse(reader.GetString(2)));

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            found.Leases.Add(new BudgetLease
            {
                InstanceId = reader.GetGuid(0),
                BudgetId = reader.GetGuid(1),
                Start = reader.GetFieldValue<DateOnly>(2),
                OrganizationId = reader.GetGuid(3),
                AmountNanoUsd = reader.GetInt64(4),
            });
        }

        return found;
    }

    public override async ValueTask WriteAsync(LedgerRows rows)
    {
        await using var batch = new NpgsqlBatch(connection, _transaction);
        Insert(batch, tables.Calls, rows.Calls);
        Insert(batch, tables.Entries, rows.Entries);
        Insert(batch, tables.Attempts, rows.Attempts);
        Insert(batch, tables.Events, rows.Events);
        Insert(batch, tables.Parts, rows.Parts);
        Insert(batch, tables.Periods, rows.Periods, tables.AddToPeriod);
        Insert(batch, tables.Leases, rows.Leases, tables.AddToLease);
        Insert(batch, tables.Rollups, rows.Rollups, tables.AddToRollup);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync();
    }

    public override async ValueTask CommitAsync() => await _transaction!.CommitAsync();

    public override async ValueTask RollbackAsync()
    {
        try
        {
            if (_transaction is not null) await _transaction.RollbackAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection is gone, and the transaction with it.
        }
    }

    /// <summary>The session's own connection; whose transaction it wrote in keeps theirs.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (!_own) return;
        if (_transaction is not null) await _transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static NpgsqlBatchCommand Ask(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static void Insert<TRow>(NpgsqlBatch batch, RowTable<TRow> table, IReadOnlyList<TRow> rows, string onConflict = "")
    {
        if (rows.Count == 0) return;
        var arrays = string.Join(", ", table.Columns.Select((column, i) => $"${i + 1}::{column.StoreType}[]"));
        var command = new NpgsqlBatchCommand($"INSERT INTO \"{table.Name}\" ({table.ColumnList}) SELECT * FROM unnest({arrays}){onConflict}");
        foreach (var column in table.Columns) command.Parameters.Add(new NpgsqlParameter { Value = column.ValuesOf(rows) });
        batch.BatchCommands.Add(command);
    }
}
