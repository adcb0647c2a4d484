using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class HoldsOnCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "HeldOn",
                table: "Calls",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            // What a process that stopped in the middle of a call holds.
            migrationBuilder.Sql(
                """
                UPDATE "Calls" SET "HeldOn" = (SELECT group_concat(lower(h."BudgetId") || '@' || h."Start", ' ') FROM "BudgetHolds" h WHERE h."CallId" = "Calls"."Id")
                WHERE "Id" IN (SELECT "CallId" FROM "BudgetHolds");
                """);

            migrationBuilder.DropTable(
                name: "BudgetHolds");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Clustered on its key, which the framework cannot say.
            migrationBuilder.Sql(
                """
                CREATE TABLE "BudgetHolds" (
                    "CallId" TEXT NOT NULL, "BudgetId" TEXT NOT NULL, "OrganizationId" TEXT NOT NULL, "Start" TEXT NOT NULL, "AmountNanoUsd" INTEGER NOT NULL,
                    CONSTRAINT "PK_BudgetHolds" PRIMARY KEY ("CallId", "BudgetId"),
                    CONSTRAINT "FK_BudgetHolds_Budgets_BudgetId" FOREIGN KEY ("BudgetId") REFERENCES "Budgets" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                """);

            migrationBuilder.Sql(
                """
                INSERT INTO "BudgetHolds" ("CallId", "BudgetId", "OrganizationId", "Start", "AmountNanoUsd")
                SELECT c."Id", b."Id", c."OrganizationId", substr(c."HeldOn", instr(c."HeldOn", lower(b."Id")) + 37, 10), c."CeilingNanoUsd"
                FROM "Calls" c JOIN "Budgets" b ON b."OrganizationId" = c."OrganizationId" AND instr(c."HeldOn", lower(b."Id")) > 0
                WHERE c."HeldOn" <> '' AND NOT EXISTS (SELECT 1 FROM "LedgerEntries" e WHERE e."CallId" = c."Id");
                """);

            migrationBuilder.DropColumn(
                name: "HeldOn",
                table: "Calls");
        }
    }
}
