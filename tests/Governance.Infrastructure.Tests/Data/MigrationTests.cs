using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public void HasPendingModelChanges_Sqlite_IsFalse()
    {
        using var db = new SqliteDesignTimeFactory().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges(), "Run eng/add-migration.sh.");
    }

    [Fact]
    public void HasPendingModelChanges_Postgres_IsFalse()
    {
        using var db = new PostgresDesignTimeFactory().CreateDbContext([]);
        Assert.False(db.Database.HasPendingModelChanges(), "Run eng/add-migration.sh.");
    }
}
