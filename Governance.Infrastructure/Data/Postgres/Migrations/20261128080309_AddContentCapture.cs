using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddContentCapture : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "CapturedContents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    CallId = table.Column<Guid>(type: "uuid", nullable: false),
                    Side = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    KeyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Ciphertext = table.Column<byte[]>(type: "bytea", nullable: false),
                    Commitment = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    StoredAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Truncated = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CapturedContents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CapturedContents_Calls_CallId",
                        column: x => x.CallId,
                        principalTable: "Calls",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CaptureRules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    ApplicationId = table.Column<Guid>(type: "uuid", nullable: true),
                    DataClass = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Sides = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    RetentionDays = table.Column<int>(type: "integer", nullable: false),
                    Enabled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaptureRules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CaptureRules_Applications_ApplicationId",
                        column: x => x.ApplicationId,
                        principalTable: "Applications",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_CaptureRules_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CapturedContents_CallId_Side",
                table: "CapturedContents",
                columns: new[] { "CallId", "Side" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CapturedContents_ExpiresAt",
                table: "CapturedContents",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_CapturedContents_KeyId",
                table: "CapturedContents",
                column: "KeyId");

            migrationBuilder.CreateIndex(
                name: "IX_CaptureRules_ApplicationId",
                table: "CaptureRules",
                column: "ApplicationId");

            migrationBuilder.CreateIndex(
                name: "IX_CaptureRules_OrganizationId_ApplicationId_DataClass",
                table: "CaptureRules",
                columns: new[] { "OrganizationId", "ApplicationId", "DataClass" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CapturedContents");

            migrationBuilder.DropTable(
                name: "CaptureRules");
        }
    }
}
