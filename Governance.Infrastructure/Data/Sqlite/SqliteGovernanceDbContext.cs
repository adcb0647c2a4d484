using Governance.Domain.Identity;
using Microsoft.EntityFrameworkCore;
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

    private sealed class TicksConverter() : ValueConverter<DateTimeOffset, long>(
        value => value.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
