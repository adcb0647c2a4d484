using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>Opens sessions of the ledger, and writes to it within transactions that do something else, too.</summary>
public sealed class LedgerDatabase(GovernanceDatabase database, AuditSealer sealer)
{
    private LedgerTables? _tables;

    private LedgerTables Tables => LazyInitializer.EnsureInitialized(ref _tables, () =>
    {
        using var db = database.AcrossOrganizations();
        return new LedgerTables(db.Model);
    });

    /// <summary>Whether several connections can write at the same time.</summary>
    internal bool WritesAtOnce => database.Provider == DatabaseProvider.Postgres;

    /// <summary>A session on a connection of its own.</summary>
    internal async Task<LedgerSession> OpenAsync() =>
        database.Provider == DatabaseProvider.Sqlite
            ? await SqliteLedgerSession.OpenAsync(database, Tables)
            : PostgresLedgerSession.Open(database.ConnectionString, Tables);

    /// <summary>Adds the leaf that a fact needs.</summary>
    internal async ValueTask<LedgerWrite> SealAsync(LedgerWrite write) =>
        write.Entry is { } entry && CallLeaf.Of(entry) is { } draft ? write with { Leaf = await sealer.SealAsync(database, draft) } : write;

    /// <summary>Writes, within a context's open transaction, facts that need no leaf or have theirs.</summary>
    internal async Task WriteAsync(GovernanceDbContext db, IReadOnlyList<LedgerWrite> writes)
    {
        await using var session = Within(db);
        await LedgerTransaction.RunAsync(session, writes);
    }

    /// <summary>Books facts in a transaction of their own, all or none.</summary>
    internal async Task BookAsync(IReadOnlyList<LedgerWrite> writes)
    {
        var complete = new List<LedgerWrite>(writes.Count);
        foreach (var write in writes) complete.Add(await SealAsync(write));
        await using var session = await OpenAsync();
        await session.BeginAsync();
        try
        {
            await LedgerTransaction.RunAsync(session, complete);
            await session.CommitAsync();
        }
        catch
        {
            await session.RollbackAsync();
            throw;
        }
    }

    /// <summary>Writes rows as they are within a context's open transaction.</summary>
    internal async Task WriteAsync(GovernanceDbContext db, LedgerRows rows)
    {
        await using var session = Within(db);
        await session.WriteAsync(rows);
    }

    private LedgerSession Within(GovernanceDbContext db)
    {
        var transaction = db.Database.CurrentTransaction?.GetDbTransaction() ?? throw new InvalidOperationException("The ledger is written in a transaction.");
        return database.Provider == DatabaseProvider.Sqlite
            ? new SqliteLedgerSession((SqliteConnection)db.Database.GetDbConnection(), Tables, own: null)
            : new PostgresLedgerSession((NpgsqlConnection)db.Database.GetDbConnection(), Tables, (NpgsqlTransaction)transaction);
    }
}
