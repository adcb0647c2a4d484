using Microsoft.EntityFrameworkCore.Migrations;

namespace Governance.Infrastructure.Data;

/// <summary>
/// Has the database itself refuse to change what is never changed. It stops the application and whoever has only its rights; the owner of
/// the tables can take it away, which the tree and its checkpoints then show.
/// </summary>
internal static class AppendOnlyGuards
{
    /// <summary>Those of the migration that came first; each later table is guarded by the migration that makes it.</summary>
    private static readonly string[] FirstTables = ["AuditEvents", "AuditParts", "AuditEntries", "AuditTiles", "AuditCheckpoints", "AuditPublicKeys"];

    /// <summary>The tables of the audit log.</summary>
    public static IReadOnlyList<string> AuditTables { get; } = [.. FirstTables, "AuditDeposits"];

    public static void GuardOnSqlite(this MigrationBuilder migration)
    {
        foreach (var table in FirstTables) migration.GuardOnSqlite(table);
    }

    public static void GuardOnSqlite(this MigrationBuilder migration, string table)
    {
        foreach (var change in new[] { "UPDATE", "DELETE" })
        {
            migration.Sql(
                $"""
                CREATE TRIGGER "{table}_append_only_{change.ToLowerInvariant()}" BEFORE {change} ON "{table}"
                BEGIN SELECT RAISE(ABORT, '{table} is append-only.'); END;
                """);
        }
    }

    public static void GuardOnPostgres(this MigrationBuilder migration)
    {
        migration.Sql(
            """
            CREATE FUNCTION governance_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '% is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
            """);
        foreach (var table in FirstTables) migration.GuardOnPostgres(table);
    }

    public static void GuardOnPostgres(this MigrationBuilder migration, string table) =>
        migration.Sql(
            $"""
            CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
            """);
}
