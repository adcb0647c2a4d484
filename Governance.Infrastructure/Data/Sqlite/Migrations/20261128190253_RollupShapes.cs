using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RollupShapes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Nothing is lost: all of it is made anew from the ledger's entries when the program starts.
            migrationBuilder.DropTable(
                name: "RollupDimensions");

            migrationBuilder.DropTable(
                name: "CostRollups");

            // Clustered on its key, which the framework cannot say.
            migrationBuilder.Sql(
                """
                CREATE TABLE "CostRollups" (
                    "OrganizationId" BLOB NOT NULL, "Shape" INTEGER NOT NULL, "Grain" INTEGER NOT NULL, "Day" TEXT NOT NULL, "Hour" INTEGER NOT NULL, "TeamId" BLOB NOT NULL, "ApplicationId" BLOB NOT NULL, "KeyId" BLOB NOT NULL, "SubjectId" BLOB NOT NULL, "Provider" TEXT NOT NULL, "Model" TEXT NOT NULL,
                    "Entries" INTEGER NOT NULL, "CostNanoUsd" INTEGER NOT NULL, "Requests" INTEGER NOT NULL, "Errors" INTEGER NOT NULL, "PromptTokens" INTEGER NOT NULL, "CachedTokens" INTEGER NOT NULL, "OutputTokens" INTEGER NOT NULL, "Estimated" INTEGER NOT NULL, "Unpriced" INTEGER NOT NULL, "Sandbox" INTEGER NOT NULL, "CacheHits" INTEGER NOT NULL, "SavedNanoUsd" INTEGER NOT NULL,
                    CONSTRAINT "PK_CostRollups" PRIMARY KEY ("OrganizationId", "Shape", "Grain", "Day", "Hour", "TeamId", "ApplicationId", "KeyId", "SubjectId", "Provider", "Model")
                ) WITHOUT ROWID;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_CostRollups_Application_Application",
                table: "CostRollups",
                columns: new[] { "OrganizationId", "Grain", "ApplicationId", "Day" },
                filter: "\"Shape\" = 4");

            migrationBuilder.CreateIndex(
                name: "IX_CostRollups_Detail_Key",
                table: "CostRollups",
                columns: new[] { "OrganizationId", "Grain", "KeyId", "Day" },
                filter: "\"Shape\" = 8");

            migrationBuilder.CreateIndex(
                name: "IX_CostRollups_Detail_Person",
                table: "CostRollups",
                columns: new[] { "OrganizationId", "Grain", "SubjectId", "Day" },
                filter: "\"Shape\" = 8");

            migrationBuilder.CreateIndex(
                name: "IX_CostRollups_Key_Key",
                table: "CostRollups",
                columns: new[] { "OrganizationId", "Grain", "KeyId", "Day" },
                filter: "\"Shape\" = 5");

            migrationBuilder.CreateIndex(
                name: "IX_CostRollups_Person_Person",
                table: "CostRollups",
                columns: new[] { "OrganizationId", "Grain", "SubjectId", "Day" },
                filter: "\"Shape\" = 6");

            migrationBuilder.CreateIndex(
                name: "IX_CostRollups_Use_Application",
                table: "CostRollups",
                columns: new[] { "OrganizationId", "Grain", "ApplicationId", "Day" },
                filter: "\"Shape\" = 7");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CostRollups");

            // Clustered on its key, which the framework cannot say.
            migrationBuilder.Sql(
                """
                CREATE TABLE "CostRollups" (
                    "OrganizationId" TEXT NOT NULL, "Grain" TEXT NOT NULL, "Day" TEXT NOT NULL, "Hour" INTEGER NOT NULL, "DimensionsId" TEXT NOT NULL,
                    "CostNanoUsd" INTEGER NOT NULL, "Requests" INTEGER NOT NULL, "Errors" INTEGER NOT NULL, "PromptTokens" INTEGER NOT NULL, "CachedTokens" INTEGER NOT NULL, "OutputTokens" INTEGER NOT NULL, "Estimated" INTEGER NOT NULL, "Unpriced" INTEGER NOT NULL, "Sandbox" INTEGER NOT NULL, "CacheHits" INTEGER NOT NULL, "SavedNanoUsd" INTEGER NOT NULL,
                    CONSTRAINT "PK_CostRollups" PRIMARY KEY ("OrganizationId", "Grain", "Day", "Hour", "DimensionsId")
                ) WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "RollupDimensions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ApplicationId = table.Column<Guid>(type: "TEXT", nullable: true),
                    KeyId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Model = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Provider = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RollupDimensions", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_RollupDimensions_OrganizationId",
                table: "RollupDimensions",
                column: "OrganizationId");
        }
    }
}
