using Governance.Infrastructure.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Governance.Infrastructure.Audit;

/// <summary>Inserts a batch of places, some thousand at once, past the change tracker: by COPY on PostgreSQL, by one prepared statement on SQLite.</summary>
internal static class AuditPlacing
{
    private const string Into = """ "AuditEntries" ("OrganizationId", "Index", "EventId", "LeafHash") """;

    /// <param name="db">With the transaction that the places are part of.</param>
    /// <param name="entries">The places.</param>
    /// <param name="cancellation">Stops it; the transaction is of no use then.</param>
    public static Task InsertAsync(GovernanceDbContext db, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation) => db.Database.GetDbConnection() switch
    {
        NpgsqlConnection postgres => CopyAsync(postgres, entries, cancellation),
        SqliteConnection sqlite => InsertAsync(sqlite, (SqliteTransaction)db.Database.CurrentTransaction!.GetDbTransaction(), entries, cancellation),
        var other => throw new NotSupportedException($"{other.GetType().Name} is none of the two databases."),
    };

    private static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {Into} FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var entry in entries)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(entry.OrganizationId, cancellation);
            await copy.WriteAsync(entry.Index, cancellation);
            await copy.WriteAsync(entry.EventId, cancellation);
            await copy.WriteAsync(entry.LeafHash, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task InsertAsync(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        await using var insert = connection.CreateCommand();
        (insert.Transaction, insert.CommandText) = (transaction, $"INSERT INTO {Into} VALUES ($organization, $index, $event, $hash)");
        var (organization, index, id, hash) = (Add("$organization"), Add("$index"), Add("$event"), Add("$hash"));
        foreach (var entry in entries)
        {
            (organization.Value, index.Value, id.Value, hash.Value) = (entry.OrganizationId, entry.Index, entry.EventId, entry.LeafHash);
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        SqliteParameter Add(string name) => insert.Parameters.Add(new SqliteParameter { ParameterName = name });
    }
}
