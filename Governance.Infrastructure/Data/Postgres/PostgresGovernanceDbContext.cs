using System.Linq.Expressions;
using Governance.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace Governance.Infrastructure.Data.Postgres;

public sealed class PostgresGovernanceDbContext(DbContextOptions<PostgresGovernanceDbContext> options, Guid? organizationId, Reach reach)
    : GovernanceDbContext(options, organizationId, reach)
{
    private const long SecondsPerDay = 86_400;

    /// <summary>The day number of 1970-01-01, where PostgreSQL's seconds begin.</summary>
    private static readonly long Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(DayNumberMethod).HasTranslation(arguments =>
        {
            var (number, real) = (new LongTypeMapping("bigint"), new DoubleTypeMapping("double precision"));
            var seconds = new SqlFunctionExpression(
                "date_part", [new SqlConstantExpression("epoch", new StringTypeMapping("text", null)), arguments[0]], nullable: true, [false, true], typeof(double), real);
            var local = new SqlBinaryExpression(ExpressionType.Add, seconds, arguments[1], typeof(double), real);
            var days = new SqlBinaryExpression(ExpressionType.Divide, local, new SqlConstantExpression(SecondsPerDay, number), typeof(double), real);
            var whole = new SqlFunctionExpression("floor", [days], nullable: true, [true], typeof(double), real);
            return new SqlBinaryExpression(
                ExpressionType.Add, new SqlUnaryExpression(ExpressionType.Convert, whole, typeof(long), number), new SqlConstantExpression(Epoch, number), typeof(long), number);
        });
    }
}
