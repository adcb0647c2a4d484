using Governance.Infrastructure.Data;
using Governance.Infrastructure.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
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
        SqliteConnection sqlite => InsertAsync(sqlite, entries),
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

    private static Task InsertAsync(SqliteConnection connection, IReadOnlyList<AuditEntry> entries)
    {
        using var insert = new SqliteStatement(connection, $"INSERT INTO {Into} VALUES (?, ?, ?, ?)");
        foreach (var entry in entries)
        {
            insert.Bind(1, entry.OrganizationId);
            insert.Bind(2, entry.Index);
            insert.Bind(3, entry.EventId);
            insert.Bind(4, entry.LeafHash);
            insert.Run();
        }

        return Task.CompletedTask;
    }
}
