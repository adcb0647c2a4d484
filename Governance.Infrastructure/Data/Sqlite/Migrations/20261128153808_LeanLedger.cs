using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LeanLedger : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Calls_InstanceId",
                table: "Calls");

            // Clustered on their keys, without further indices: each call writes them. The framework cannot say so.
            migrationBuilder.Sql(
                """
                CREATE TABLE "CallAttempts_new" (
                    "CallId" TEXT NOT NULL, "Number" INTEGER NOT NULL, "OrganizationId" TEXT NOT NULL, "Connection" TEXT NOT NULL, "Model" TEXT NULL,
                    "StartedAt" INTEGER NOT NULL, "DurationMs" INTEGER NOT NULL, "Status" INTEGER NULL, "ErrorCode" TEXT NULL, "ProviderRequestId" TEXT NULL,
                    CONSTRAINT "PK_CallAttempts" PRIMARY KEY ("CallId", "Number"),
                    CONSTRAINT "FK_CallAttempts_Calls_CallId" FOREIGN KEY ("CallId") REFERENCES "Calls" ("Id") ON DELETE RESTRICT
                ) WITHOUT ROWID;
                INSERT INTO "CallAttempts_new"
                    SELECT "CallId", "Number", "OrganizationId", "Connection", "Model", "StartedAt", "DurationMs", "Status", "ErrorCode", "ProviderRequestId" FROM "CallAttempts";
                DROP TABLE "CallAttempts";
                ALTER TABLE "CallAttempts_new" RENAME TO "CallAttempts";

                CREATE TABLE "BudgetHolds_new" (
                    "CallId" TEXT NOT NULL, "BudgetId" TEXT NOT NULL, "OrganizationId" TEXT NOT NULL, "Start" TEXT NOT NULL, "AmountNanoUsd" INTEGER NOT NULL,
                    CONSTRAINT "PK_BudgetHolds" PRIMARY KEY ("CallId", "BudgetId"),
                    CONSTRAINT "FK_BudgetHolds_Budgets_BudgetId" FOREIGN KEY ("BudgetId") REFERENCES "Budgets" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                INSERT INTO "BudgetHolds_new" SELECT "CallId", "BudgetId", "OrganizationId", "Start", "AmountNanoUsd" FROM "BudgetHolds";
                DROP TABLE "BudgetHolds";
                ALTER TABLE "BudgetHolds_new" RENAME TO "BudgetHolds";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_CallAttempts",
                table: "CallAttempts");

            migrationBuilder.AddColumn<Guid>(
                name: "Id",
                table: "CallAttempts",
                type: "TEXT",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddPrimaryKey(
                name: "PK_CallAttempts",
                table: "CallAttempts",
                column: "Id");

            migrationBuilder.CreateIndex(
                name: "IX_Calls_InstanceId",
                table: "Calls",
                column: "InstanceId");

            migrationBuilder.CreateIndex(
                name: "IX_CallAttempts_CallId_Number",
                table: "CallAttempts",
                columns: new[] { "CallId", "Number" },
                unique: true);
        }
    }
}
