using Governance.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Governance.Infrastructure.Audit;

/// <summary>An event that has no place in its log yet. The database itself writes the row with the event, so that none can be forgotten.</summary>
public sealed class AuditWaiting : IOrganizationOwned
{
    public Guid OrganizationId { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid EventId { get; init; }
}

internal sealed class AuditWaitingConfiguration : IEntityTypeConfiguration<AuditWaiting>
{
    /// <summary>In the order in which places are given.</summary>
    public void Configure(EntityTypeBuilder<AuditWaiting> builder) => builder.HasKey(waiting => new { waiting.OrganizationId, waiting.At, waiting.EventId });
}

/// <summary>The triggers that fill the table.</summary>
internal static class AuditWaitingTriggers
{
    private const string Rows = """INSERT INTO "AuditWaiting" ("OrganizationId", "At", "EventId") SELECT "OrganizationId", "At", "Id" FROM""";

    public static void WaitOnSqlite(this MigrationBuilder migration) =>
        migration.Sql(
            $"""
            {Rows} "AuditEvents" e WHERE NOT EXISTS (SELECT 1 FROM "AuditEntries" WHERE "EventId" = e."Id");
            CREATE TRIGGER "AuditEvents_wait" AFTER INSERT ON "AuditEvents"
            BEGIN INSERT INTO "AuditWaiting" ("OrganizationId", "At", "EventId") VALUES (NEW."OrganizationId", NEW."At", NEW."Id"); END;
            """);

    public static void WaitOnPostgres(this MigrationBuilder migration) =>
        migration.Sql(
            $"""
            {Rows} "AuditEvents" e WHERE NOT EXISTS (SELECT 1 FROM "AuditEntries" WHERE "EventId" = e."Id");
            CREATE FUNCTION governance_audit_wait() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN {Rows} written; RETURN NULL; END $$;
            CREATE TRIGGER "AuditEvents_wait" AFTER INSERT ON "AuditEvents" REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION governance_audit_wait();
            """);
}
