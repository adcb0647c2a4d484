using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Governance.Infrastructure.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>How rows of an entity are written without change tracking. Table, columns and conversions are the model's, so there is one truth about them.</summary>
internal sealed class RowTable<TRow>
{
    private static readonly MethodInfo OfColumn = typeof(RowTable<TRow>).GetMethod(nameof(Column), BindingFlags.NonPublic | BindingFlags.Static)!;

    public RowTable(IModel model)
    {
        var type = model.FindEntityType(typeof(TRow)) ?? throw new InvalidOperationException($"{typeof(TRow).Name} is not part of the model.");
        Name = type.GetTableName()!;
        Columns = [.. type.GetProperties().Select(ToColumn)];
        Key = [.. type.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName())];
    }

    private readonly ConcurrentDictionary<string, string> _inserts = new(StringComparer.Ordinal);

    public string Name { get; }

    public IReadOnlyList<RowColumn<TRow>> Columns { get; }

    /// <summary>The columns that name a row.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>The columns' names, quoted and separated by commas.</summary>
    public string ColumnList => string.Join(", ", Columns.Select(column => $"\"{column.Name}\""));

    /// <summary>The statement that inserts a row on SQLite.</summary>
    /// <param name="onConflict">What follows it.</param>
    public string InsertOf(string onConflict) => _inserts.TryGetValue(onConflict, out var known) ? known : _inserts[onConflict] =
        $"INSERT INTO \"{Name}\" ({ColumnList}) VALUES ({string.Join(", ", Columns.Select(_ => "?"))}){onConflict}";

    private static RowColumn<TRow> ToColumn(IProperty property)
    {
        var row = Expression.Parameter(typeof(TRow), "row");
        Expression value = Expression.Property(row, property.PropertyInfo!);
        if (!property.IsNullable && !value.Type.IsValueType)
        {
            var missing = new InvalidOperationException($"{typeof(TRow).Name}.{property.Name} has no value.");
            value = Expression.Coalesce(value, Expression.Throw(Expression.Constant(missing), value.Type));
        }

        if (property.GetTypeMapping().Converter is { } converter)
        {
            // The way of a converter is for values that are there; none stays none.
            var given = value.Type == converter.ModelClrType ? value : Expression.Convert(value, converter.ModelClrType);
            Expression converted = Expression.Invoke(converter.ConvertToProviderExpression, given);
            if (property.IsNullable)
            {
                var none = converted.Type.IsValueType ? typeof(Nullable<>).MakeGenericType(converted.Type) : converted.Type;
                converted = Expression.Condition(Expression.Equal(value, Expression.Constant(null, value.Type)), Expression.Constant(null, none), Expression.Convert(converted, none));
            }

            value = converted;
        }

        return (RowColumn<TRow>)OfColumn.MakeGenericMethod(value.Type).Invoke(null, [property, Expression.Lambda(value, row)])!;
    }

    private static RowColumn<TRow, TValue> Column<TValue>(IProperty property, LambdaExpression read) =>
        new(property.GetColumnName(), property.GetColumnType(), ((Expression<Func<TRow, TValue>>)read).Compile());
}

/// <summary>A column of a table, and where its value stands in a row.</summary>
/// <param name="name">The column.</param>
/// <param name="storeType">Its type in the database.</param>
internal abstract class RowColumn<TRow>(string name, string storeType)
{
    public string Name => name;

    public string StoreType => storeType;

    /// <summary>Makes the value a parameter.</summary>
    public abstract void Bind(SqliteStatement statement, int parameter, TRow row);

    /// <summary>The values of many rows, as an array of the column's own type.</summary>
    public abstract object ValuesOf(IReadOnlyList<TRow> rows);
}

/// <inheritdoc/>
internal sealed class RowColumn<TRow, TValue>(string name, string storeType, Func<TRow, TValue> read) : RowColumn<TRow>(name, storeType)
{
    private Action<SqliteStatement, int, TValue>? _bind;

    public override void Bind(SqliteStatement statement, int parameter, TRow row) => (_bind ??= SqliteBinder.For<TValue>())(statement, parameter, read(row));

    public override object ValuesOf(IReadOnlyList<TRow> rows)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = read(rows[i]);
        return values;
    }
}
