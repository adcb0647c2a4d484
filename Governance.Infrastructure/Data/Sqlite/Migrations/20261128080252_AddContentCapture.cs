using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CallId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Side = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    KeyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Ciphertext = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Commitment = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    StoredAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Truncated = table.Column<bool>(type: "INTEGER", nullable: false)
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ApplicationId = table.Column<Guid>(type: "TEXT", nullable: true),
                    DataClass = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Sides = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    RetentionDays = table.Column<int>(type: "INTEGER", nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
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
