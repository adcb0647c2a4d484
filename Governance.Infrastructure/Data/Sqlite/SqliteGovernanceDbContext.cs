using System.Linq.Expressions;
using Governance.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Governance.Infrastructure.Data.Sqlite;

public sealed class SqliteGovernanceDbContext(DbContextOptions<SqliteGovernanceDbContext> options, Guid? organizationId, Reach reach)
    : GovernanceDbContext(options, organizationId, reach)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // SQLite has no time type; ticks sort and compare as numbers.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<TicksConverter>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(DayNumberMethod).HasTranslation(arguments =>
        {
            var number = new LongTypeMapping("INTEGER");
            var ahead = Calculate(ExpressionType.Multiply, arguments[1], TimeSpan.TicksPerSecond);
            return Calculate(ExpressionType.Divide, new SqlBinaryExpression(ExpressionType.Add, arguments[0], ahead, typeof(long), number), TimeSpan.TicksPerDay);

            SqlBinaryExpression Calculate(ExpressionType operation, SqlExpression left, long right) =>
                new(operation, left, new SqlConstantExpression(right, number), typeof(long), number);
        });
    }

    private sealed class TicksConverter() : ValueConverter<DateTimeOffset, long>(
        value => value.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
