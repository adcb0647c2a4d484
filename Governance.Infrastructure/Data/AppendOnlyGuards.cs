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
    public static IReadOnlyList<string> AuditTables { get; } = [.. FirstTables, "AuditSegments", "AuditDeposits"];

    /// <summary>Tables whose rows may be deleted once an archive segment holds them, with the column that names the event.</summary>
    private static readonly (string Table, string Event)[] Archived = [("AuditEvents", "Id"), ("AuditParts", "EventId")];

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

    /// <summary>The list of segments is guarded like the rest, and lets go what it holds.</summary>
    public static void LetArchiveOnSqlite(this MigrationBuilder migration)
    {
        migration.GuardOnSqlite("AuditSegments");
        foreach (var (table, column) in Archived)
        {
            migration.Sql(
                $"""
                DROP TRIGGER "{table}_append_only_delete";
                CREATE TRIGGER "{table}_append_only_delete" BEFORE DELETE ON "{table}"
                WHEN NOT {IsArchived($"OLD.\"{column}\"")}
                BEGIN SELECT RAISE(ABORT, '{table} is append-only.'); END;
                """);
        }
    }

    /// <inheritdoc cref="LetArchiveOnSqlite"/>
    public static void LetArchiveOnPostgres(this MigrationBuilder migration)
    {
        migration.GuardOnPostgres("AuditSegments");
        migration.Sql(
            $"""
            CREATE FUNCTION governance_archived_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
                IF NOT {IsArchived("(to_jsonb(OLD)->>TG_ARGV[0])::uuid")} THEN
                    RAISE EXCEPTION '% is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN OLD;
            END $$;
            """);
        foreach (var (table, column) in Archived)
        {
            migration.Sql(
                $"""
                DROP TRIGGER "{table}_append_only" ON "{table}";
                CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR TRUNCATE ON "{table}"
                FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
                CREATE TRIGGER "{table}_archived_only" BEFORE DELETE ON "{table}"
                FOR EACH ROW EXECUTE FUNCTION governance_archived_only('{column}');
                """);
        }
    }

    private static string IsArchived(string eventId) =>
        $"""
        EXISTS (SELECT 1 FROM "AuditEntries" e JOIN "AuditSegments" s
            ON s."OrganizationId" = e."OrganizationId" AND s."First" <= e."Index" AND e."Index" < s."End" WHERE e."EventId" = {eventId})
        """;

    public static void GuardOnPostgres(this MigrationBuilder migration, string table) =>
        migration.Sql(
            $"""
            CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
            FOR EACH STATEMENT EXECUTE FUNCTION governance_append_only();
            """);
}
