using Governance.Domain.Identity;
using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Governance.Infrastructure.Data;

/// <summary>For eng/add-migration.sh; no database is opened.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteGovernanceDbContext>
{
    public SqliteGovernanceDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteGovernanceDbContext>().UseSqlite("Data Source=:memory:").UseIdentitySchema().Options, null, Reach.Whole);
}

/// <inheritdoc cref="SqliteDesignTimeFactory"/>
internal sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresGovernanceDbContext>
{
    public PostgresGovernanceDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresGovernanceDbContext>().UseNpgsql("Host=localhost").UseIdentitySchema().Options, null, Reach.Whole);
}
