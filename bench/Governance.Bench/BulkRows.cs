using System.Data.Common;
using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Governance.Bench;

/// <summary>Inserts rows of an entity as fast as a database takes them: COPY on PostgreSQL, one prepared statement on SQLite. Nothing but the model is used.</summary>
internal static class BulkRows
{
    /// <summary>Within the transaction of the context, if it has one.</summary>
    /// <param name="db">On what.</param>
    /// <param name="rows">Which.</param>
    /// <param name="table">Another table with the same columns; none for the entity's own.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task InsertAsync<T>(GovernanceDbContext db, IReadOnlyList<T> rows, string? table, CancellationToken cancellation)
        where T : class
    {
        var type = db.Model.FindEntityType(typeof(T))!;
        var columns = type.GetProperties().Select(property => new Column(property)).ToArray();
        var into = $"\"{table ?? type.GetTableName()}\" ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))})";
        await db.Database.OpenConnectionAsync(cancellation);
        if (db.Database.GetDbConnection() is NpgsqlConnection postgres)
        {
            await using var writer = await postgres.BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)", cancellation);
            foreach (var row in rows)
            {
                await writer.StartRowAsync(cancellation);
                foreach (var column in columns)
                {
                    if (column.Of(row) is { } value) await writer.WriteAsync(value, column.StoreType, cancellation);
                    else await writer.WriteNullAsync(cancellation);
                }
            }

            await writer.CompleteAsync(cancellation);
            return;
        }

        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellation) : null;
        await using (var insert = db.Database.GetDbConnection().CreateCommand())
        {
            insert.Transaction = (db.Database.CurrentTransaction as Microsoft.EntityFrameworkCore.Infrastructure.IInfrastructure<DbTransaction>)?.Instance;
            insert.CommandText = $"INSERT INTO {into} VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";
            for (var i = 0; i < columns.Length; i++)
            {
                var parameter = insert.CreateParameter();
                parameter.ParameterName = $"@p{i}";
                insert.Parameters.Add(parameter);
            }

            foreach (var row in rows)
            {
                for (var i = 0; i < columns.Length; i++) insert.Parameters[i].Value = columns[i].Of(row) ?? DBNull.Value;
                await insert.ExecuteNonQueryAsync(cancellation);
            }
        }

        if (own is null) return;
        await own.CommitAsync(cancellation);
        await own.DisposeAsync();
    }

    private sealed class Column(IProperty property)
    {
        private readonly RelationalTypeMapping _mapping = property.GetRelationalTypeMapping();

        public string Name => property.GetColumnName();

        public string StoreType { get; } = property.GetRelationalTypeMapping().StoreTypeNameBase;

        public object? Of(object row)
        {
            var value = property.PropertyInfo!.GetValue(row);
            return value is not null && _mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value;
        }
    }
}
