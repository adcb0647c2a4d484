using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ResponseCache : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "SavedNanoUsd",
                table: "LedgerEntries",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CacheHits",
                table: "CostRollups",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "SavedNanoUsd",
                table: "CostRollups",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "ResponseCacheSeconds",
                table: "Applications",
                type: "integer",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "SavedNanoUsd",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "CacheHits",
                table: "CostRollups");

            migrationBuilder.DropColumn(
                name: "SavedNanoUsd",
                table: "CostRollups");

            migrationBuilder.DropColumn(
                name: "ResponseCacheSeconds",
                table: "Applications");
        }
    }
}
