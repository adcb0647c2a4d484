using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddResilience : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ActivityTimeoutSeconds",
                table: "Connections",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "Connections",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ConnectTimeoutSeconds",
                table: "Connections",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Model",
                table: "CallAttempts",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "BreakerEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Connection = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    From = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    To = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Reason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    OpenUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Openings = table.Column<int>(type: "integer", nullable: false),
                    ProcessId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BreakerEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_BreakerEvents_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ModelRoutes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Targets = table.Column<string>(type: "text", nullable: false),
                    Enabled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CreatedBy = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModelRoutes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ModelRoutes_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_BreakerEvents_At",
                table: "BreakerEvents",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_BreakerEvents_OrganizationId_Connection_At",
                table: "BreakerEvents",
                columns: new[] { "OrganizationId", "Connection", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ModelRoutes_OrganizationId_Kind_Model",
                table: "ModelRoutes",
                columns: new[] { "OrganizationId", "Kind", "Model" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BreakerEvents");

            migrationBuilder.DropTable(
                name: "ModelRoutes");

            migrationBuilder.DropColumn(
                name: "ActivityTimeoutSeconds",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "ConnectTimeoutSeconds",
                table: "Connections");

            migrationBuilder.DropColumn(
                name: "Model",
                table: "CallAttempts");
        }
    }
}
