using Governance.Infrastructure.Audit;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AuditWaiting : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Clustered on its key: each call writes it. The framework cannot say so.
            migrationBuilder.Sql(
                """
                CREATE TABLE "AuditWaiting" (
                    "OrganizationId" TEXT NOT NULL, "At" INTEGER NOT NULL, "EventId" TEXT NOT NULL,
                    CONSTRAINT "PK_AuditWaiting" PRIMARY KEY ("OrganizationId", "At", "EventId")
                ) WITHOUT ROWID;
                """);
            migrationBuilder.WaitOnSqlite();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""DROP TRIGGER "AuditEvents_wait";""");
            migrationBuilder.DropTable(
                name: "AuditWaiting");
        }
    }
}
