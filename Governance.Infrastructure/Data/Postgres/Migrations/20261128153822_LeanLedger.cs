using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
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

            // Each call writes holds; a budget is deleted now and then. The framework insists on an index for that.
            migrationBuilder.Sql("""DROP INDEX "IX_BudgetHolds_BudgetId";""");

            migrationBuilder.DropPrimaryKey(
                name: "PK_CallAttempts",
                table: "CallAttempts");

            migrationBuilder.DropIndex(
                name: "IX_CallAttempts_CallId_Number",
                table: "CallAttempts");

            migrationBuilder.DropColumn(
                name: "Id",
                table: "CallAttempts");

            migrationBuilder.AddPrimaryKey(
                name: "PK_CallAttempts",
                table: "CallAttempts",
                columns: new[] { "CallId", "Number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""CREATE INDEX "IX_BudgetHolds_BudgetId" ON "BudgetHolds" ("BudgetId");""");

            migrationBuilder.DropPrimaryKey(
                name: "PK_CallAttempts",
                table: "CallAttempts");

            migrationBuilder.AddColumn<Guid>(
                name: "Id",
                table: "CallAttempts",
                type: "uuid",
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
