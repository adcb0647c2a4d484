using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class BudgetsAndRollups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Overrun",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "CeilingNanoUsd",
                table: "Calls",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Budgets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ScopeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Window = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    LimitNanoUsd = table.Column<long>(type: "INTEGER", nullable: false),
                    Hard = table.Column<bool>(type: "INTEGER", nullable: false),
                    CountsFrom = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Budgets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Budgets_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            // Clustered on its key: it is read by ranges of it. The framework cannot say so.
            migrationBuilder.Sql(
                """
                CREATE TABLE "CostRollups" (
                    "OrganizationId" TEXT NOT NULL, "Grain" TEXT NOT NULL, "Day" TEXT NOT NULL, "Hour" INTEGER NOT NULL, "DimensionsId" TEXT NOT NULL,
                    "CostNanoUsd" INTEGER NOT NULL, "Requests" INTEGER NOT NULL, "Errors" INTEGER NOT NULL, "PromptTokens" INTEGER NOT NULL,
                    "CachedTokens" INTEGER NOT NULL, "OutputTokens" INTEGER NOT NULL, "Estimated" INTEGER NOT NULL, "Unpriced" INTEGER NOT NULL,
                    "Sandbox" INTEGER NOT NULL,
                    CONSTRAINT "PK_CostRollups" PRIMARY KEY ("OrganizationId", "Grain", "Day", "Hour", "DimensionsId")
                ) WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "RollupDimensions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ApplicationId = table.Column<Guid>(type: "TEXT", nullable: true),
                    KeyId = table.Column<Guid>(type: "TEXT", nullable: true),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Provider = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Model = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupDimensions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BudgetHolds",
                columns: table => new
                {
                    CallId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BudgetId = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Start = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    AmountNanoUsd = table.Column<long>(type: "INTEGER", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "BudgetPeriods",
                columns: table => new
                {
                    BudgetId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Start = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SpentNanoUsd = table.Column<long>(type: "INTEGER", nullable: false),
                    HeldNanoUsd = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BudgetPeriods", x => new { x.BudgetId, x.Start });
                    table.ForeignKey(
                        name: "FK_BudgetPeriods_Budgets_BudgetId",
                        column: x => x.BudgetId,
                        principalTable: "Budgets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_BudgetHolds_BudgetId",
                table: "BudgetHolds",
                column: "BudgetId");

            migrationBuilder.CreateIndex(
                name: "IX_Budgets_OrganizationId",
                table: "Budgets",
                column: "OrganizationId");

            migrationBuilder.CreateIndex(
                name: "IX_Budgets_ScopeId_Window",
                table: "Budgets",
                columns: new[] { "ScopeId", "Window" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RollupDimensions_OrganizationId",
                table: "RollupDimensions",
                column: "OrganizationId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BudgetHolds");

            migrationBuilder.DropTable(
                name: "BudgetPeriods");

            migrationBuilder.DropTable(
                name: "CostRollups");

            migrationBuilder.DropTable(
                name: "RollupDimensions");

            migrationBuilder.DropTable(
                name: "Budgets");

            migrationBuilder.DropColumn(
                name: "Overrun",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "CeilingNanoUsd",
                table: "Calls");
        }
    }
}
