using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Governance.Infrastructure.Data;

/// <summary>
/// Gives the running application's role on PostgreSQL what it needs and no more: of the audit log's tables it may read and insert.
/// </summary>
internal static class RunningRights
{
    /// <summary>Does nothing where the owner's role is the running one.</summary>
    public static async Task GrantAsync(GovernanceDbContext owner, string? runningConnection, CancellationToken cancellation)
    {
        if (runningConnection is null) return;
        var running = new NpgsqlConnectionStringBuilder(runningConnection).Username;
        if (running is null || running == new NpgsqlConnectionStringBuilder(owner.Database.GetConnectionString()).Username) return;

        var role = $"\"{running.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var audit = string.Join(", ", AppendOnlyGuards.AuditTables.Select(table => $"\"{table}\""));
        var statement =
            $"""
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
            REVOKE ALL ON "__EFMigrationsHistory" FROM {role};
            GRANT SELECT ON "__EFMigrationsHistory" TO {role};
            REVOKE UPDATE, DELETE, TRUNCATE ON {audit} FROM {role};
            """;
        await owner.Database.ExecuteSqlRawAsync(statement, cancellation); // A role's name cannot be a parameter; it is quoted above.
    }
}
