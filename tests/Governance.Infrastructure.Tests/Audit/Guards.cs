using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>The guards of the log's tables, which their owner can take away.</summary>
internal static class Guards
{
    public static async Task DropAsync(GovernanceDbContext owner)
    {
        foreach (var table in AppendOnlyGuards.AuditTables)
        {
            string[] drops = owner.Database.IsSqlite()
                ? [$"DROP TRIGGER IF EXISTS \"{table}_append_only_update\"", $"DROP TRIGGER IF EXISTS \"{table}_append_only_delete\""]
                : [$"DROP TRIGGER IF EXISTS \"{table}_append_only\" ON \"{table}\"", $"DROP TRIGGER IF EXISTS \"{table}_archived_only\" ON \"{table}\""];
            foreach (var drop in drops) await owner.Database.ExecuteSqlRawAsync(drop);
        }
    }
}
