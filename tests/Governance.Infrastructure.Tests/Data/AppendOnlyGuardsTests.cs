using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Data;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Data;

/// <summary>The database refuses to change what the audit log holds, whoever asks with the application's rights.</summary>
public sealed class AppendOnlyGuardsTests : ProductTest
{
    [Fact]
    public async Task Guards_EveryAppendOnlyTableOfTheLog_HasThem() => Assert.Equal(
        AppendOnlyGuards.AuditTables.Order(),
        await QueryAsync(db => Task.FromResult(db.Model.GetEntityTypes()
            .Where(type => type.ClrType.IsAssignableTo(typeof(IAppendOnly)) && type.ClrType.Namespace!.StartsWith(typeof(AuditEvent).Namespace!, StringComparison.Ordinal))
            .Select(type => type.GetTableName()!).Order().ToList())));

    [Fact]
    public async Task Guards_RowsChangedDeletedOrReplaced_RefuseIt()
    {
        await FillAsync();
        foreach (var table in AppendOnlyGuards.AuditTables)
        {
            var column = await ColumnAsync(table);
            string[] statements =
            [
                $"UPDATE \"{table}\" SET \"{column}\" = \"{column}\"", $"DELETE FROM \"{table}\"",
                .. Process.Database.Provider == DatabaseProvider.Sqlite
                    ? [$"REPLACE INTO \"{table}\" SELECT * FROM \"{table}\" LIMIT 1"]
                    : new[] { $"TRUNCATE \"{table}\" CASCADE" },
            ];
            foreach (var statement in statements)
            {
                await using var db = Process.Database.AcrossOrganizations();
                var refused = await Assert.ThrowsAnyAsync<Exception>(() => db.Database.ExecuteSqlRawAsync(statement));
                Assert.Contains("is append-only", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    private Task<string> ColumnAsync(string table) =>
        QueryAsync(db => Task.FromResult(db.Model.GetEntityTypes().Single(type => type.GetTableName() == table).GetProperties().Last(property => !property.IsKey()).GetColumnName()));

    /// <summary>Leaves no table of the log empty: SQLite's guards are asked for each row.</summary>
    private async Task FillAsync()
    {
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            for (var i = 0; i < Tile.Width; i++) Get<AuditTrail>().Record(db, Tenant.Admin, "team.renamed", "team", $"team_{i}", new { i });
            db.AuditSegments.Add(new AuditSegment { OrganizationId = Tenant.Id, First = 1_000_192, End = 1_000_448, Hash = [] }); // Of entries that there are not.
            db.AuditDeposits.Add(new AuditDeposit { OrganizationId = Tenant.Id, Kind = AuditAnchorKind.Folder, Target = "/mnt/audit", Size = 1, Root = [], At = Clock.GetUtcNow() });
            await db.SaveChangesAsync();
        }

        await Get<AuditSequencer>().CatchUpAsync(Tenant.Id, default);
    }
}
