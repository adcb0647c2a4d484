using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
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

            migrationBuilder.CreateTable(
                name: "CostRollups",
                columns: table => new
                {
                    OrganizationId = table.Column<byte[]>(type: "bytea", nullable: false),
                    Shape = table.Column<int>(type: "integer", maxLength: 32, nullable: false),
                    Grain = table.Column<int>(type: "integer", maxLength: 32, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Hour = table.Column<int>(type: "integer", nullable: false),
                    TeamId = table.Column<byte[]>(type: "bytea", nullable: false),
                    ApplicationId = table.Column<byte[]>(type: "bytea", nullable: false),
                    KeyId = table.Column<byte[]>(type: "bytea", nullable: false),
                    SubjectId = table.Column<byte[]>(type: "bytea", nullable: false),
                    Provider = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Entries = table.Column<long>(type: "bigint", nullable: false),
                    CostNanoUsd = table.Column<long>(type: "bigint", nullable: false),
                    Requests = table.Column<long>(type: "bigint", nullable: false),
                    Errors = table.Column<long>(type: "bigint", nullable: false),
                    PromptTokens = table.Column<long>(type: "bigint", nullable: false),
                    CachedTokens = table.Column<long>(type: "bigint", nullable: false),
                    OutputTokens = table.Column<long>(type: "bigint", nullable: false),
                    Estimated = table.Column<long>(type: "bigint", nullable: false),
                    Unpriced = table.Column<long>(type: "bigint", nullable: false),
                    Sandbox = table.Column<long>(type: "bigint", nullable: false),
                    CacheHits = table.Column<long>(type: "bigint", nullable: false),
                    SavedNanoUsd = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CostRollups", x => new { x.OrganizationId, x.Shape, x.Grain, x.Day, x.Hour, x.TeamId, x.ApplicationId, x.KeyId, x.SubjectId, x.Provider, x.Model });
                });

            // Room for the next sum on the same page, so that adding to a rollup touches no index.
            migrationBuilder.Sql("""ALTER TABLE "CostRollups" SET (fillfactor = 80);""");

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

            migrationBuilder.CreateTable(
                name: "CostRollups",
                columns: table => new
                {
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Grain = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Hour = table.Column<int>(type: "integer", nullable: false),
                    DimensionsId = table.Column<Guid>(type: "uuid", nullable: false),
                    CostNanoUsd = table.Column<long>(type: "bigint", nullable: false),
                    Requests = table.Column<long>(type: "bigint", nullable: false),
                    Errors = table.Column<long>(type: "bigint", nullable: false),
                    PromptTokens = table.Column<long>(type: "bigint", nullable: false),
                    CachedTokens = table.Column<long>(type: "bigint", nullable: false),
                    OutputTokens = table.Column<long>(type: "bigint", nullable: false),
                    Estimated = table.Column<long>(type: "bigint", nullable: false),
                    Unpriced = table.Column<long>(type: "bigint", nullable: false),
                    Sandbox = table.Column<long>(type: "bigint", nullable: false),
                    CacheHits = table.Column<long>(type: "bigint", nullable: false),
                    SavedNanoUsd = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CostRollups", x => new { x.OrganizationId, x.Grain, x.Day, x.Hour, x.DimensionsId });
                });

            migrationBuilder.CreateTable(
                name: "RollupDimensions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ApplicationId = table.Column<Guid>(type: "uuid", nullable: true),
                    KeyId = table.Column<Guid>(type: "uuid", nullable: true),
                    Model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Provider = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: true),
                    TeamId = table.Column<Guid>(type: "uuid", nullable: true)
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
