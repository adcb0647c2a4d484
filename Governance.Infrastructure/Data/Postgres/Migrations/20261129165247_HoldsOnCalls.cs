using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
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
                type: "text",
                nullable: false,
                defaultValue: "");

            // What a process that stopped in the middle of a call holds.
            migrationBuilder.Sql(
                """
                UPDATE "Calls" SET "HeldOn" = (SELECT string_agg(h."BudgetId" || '@' || to_char(h."Start", 'YYYY-MM-DD'), ' ') FROM "BudgetHolds" h WHERE h."CallId" = "Calls"."Id")
                WHERE "Id" IN (SELECT "CallId" FROM "BudgetHolds");
                """);

            migrationBuilder.DropTable(
                name: "BudgetHolds");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "BudgetHolds",
                columns: table => new
                {
                    CallId = table.Column<Guid>(type: "uuid", nullable: false),
                    BudgetId = table.Column<Guid>(type: "uuid", nullable: false),
                    AmountNanoUsd = table.Column<long>(type: "bigint", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Start = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BudgetHolds", x => new { x.CallId, x.BudgetId });
                    table.ForeignKey(
                        name: "FK_BudgetHolds_Budgets_BudgetId",
                        column: x => x.BudgetId,
                        principalTable: "Budgets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.Sql(
                """
                INSERT INTO "BudgetHolds" ("CallId", "BudgetId", "OrganizationId", "Start", "AmountNanoUsd")
                SELECT c."Id", b."Id", c."OrganizationId", CAST(substr(c."HeldOn", strpos(c."HeldOn", CAST(b."Id" AS text)) + 37, 10) AS date), c."CeilingNanoUsd"
                FROM "Calls" c JOIN "Budgets" b ON b."OrganizationId" = c."OrganizationId" AND strpos(c."HeldOn", CAST(b."Id" AS text)) > 0
                WHERE c."HeldOn" <> '' AND NOT EXISTS (SELECT 1 FROM "LedgerEntries" e WHERE e."CallId" = c."Id");
                """);

            migrationBuilder.DropColumn(
                name: "HeldOn",
                table: "Calls");
        }
    }
}
