using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MediaTokensSigningKeysAndContent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "PromptTokensEstimate",
                table: "Calls",
                newName: "PromptBytes");

            // What was stored was a quarter of the bytes, rounded up.
            migrationBuilder.Sql("""UPDATE "Calls" SET "PromptBytes" = "PromptBytes" * 4""");

            migrationBuilder.AddColumn<long>(
                name: "AudioInputNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AudioOutputNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AudioSecondNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ImageInputNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ImageNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ImageOutputNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "RequestNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "SearchNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ToolCallNano",
                table: "Prices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "AudioInputTokens",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AudioMilliseconds",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AudioOutputTokens",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "BilledRequests",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ContentBytes",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ImageInputTokens",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ImageOutputTokens",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "Images",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "Searches",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "ToolCalls",
                table: "LedgerEntries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

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

            migrationBuilder.CreateTable(
                name: "RecurringCharges",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Provider = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    AmountNanoUsd = table.Column<long>(type: "INTEGER", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    Period = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: true),
                    FirstDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    LastDay = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    EndedAfter = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedBy = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecurringCharges", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RecurringCharges_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RecurringCharges_Teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "Teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RequestSigningKeys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    KeyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    SecretId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccessKeyId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    WrappedSecret = table.Column<byte[]>(type: "BLOB", maxLength: 128, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedBy = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RequestSigningKeys", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RequestSigningKeys_KeySecrets_SecretId",
                        column: x => x.SecretId,
                        principalTable: "KeySecrets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RequestSigningKeys_VirtualKeys_KeyId",
                        column: x => x.KeyId,
                        principalTable: "VirtualKeys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "TokenCalibrations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Provider = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Basis = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Side = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    MilliBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    HeldBackRows = table.Column<int>(type: "INTEGER", nullable: false),
                    MedianPermille = table.Column<int>(type: "INTEGER", nullable: false),
                    NinetiethPermille = table.Column<int>(type: "INTEGER", nullable: false),
                    UncalibratedPermille = table.Column<int>(type: "INTEGER", nullable: false),
                    CalibratedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TokenCalibrations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_TokenCalibrations_Organizations_OrganizationId",
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

            migrationBuilder.CreateIndex(
                name: "IX_RecurringCharges_OrganizationId_FirstDay",
                table: "RecurringCharges",
                columns: new[] { "OrganizationId", "FirstDay" });

            migrationBuilder.CreateIndex(
                name: "IX_RecurringCharges_TeamId",
                table: "RecurringCharges",
                column: "TeamId");

            migrationBuilder.CreateIndex(
                name: "IX_RequestSigningKeys_AccessKeyId",
                table: "RequestSigningKeys",
                column: "AccessKeyId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RequestSigningKeys_KeyId",
                table: "RequestSigningKeys",
                column: "KeyId");

            migrationBuilder.CreateIndex(
                name: "IX_RequestSigningKeys_OrganizationId",
                table: "RequestSigningKeys",
                column: "OrganizationId");

            migrationBuilder.CreateIndex(
                name: "IX_RequestSigningKeys_SecretId",
                table: "RequestSigningKeys",
                column: "SecretId");

            migrationBuilder.CreateIndex(
                name: "IX_TokenCalibrations_OrganizationId_Provider_Basis_Name_Side",
                table: "TokenCalibrations",
                columns: new[] { "OrganizationId", "Provider", "Basis", "Name", "Side" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CapturedContents");

            migrationBuilder.DropTable(
                name: "CaptureRules");

            migrationBuilder.DropTable(
                name: "RecurringCharges");

            migrationBuilder.DropTable(
                name: "RequestSigningKeys");

            migrationBuilder.DropTable(
                name: "TokenCalibrations");

            migrationBuilder.DropColumn(
                name: "AudioInputNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "AudioOutputNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "AudioSecondNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "ImageInputNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "ImageNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "ImageOutputNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "RequestNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "SearchNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "ToolCallNano",
                table: "Prices");

            migrationBuilder.DropColumn(
                name: "AudioInputTokens",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "AudioMilliseconds",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "AudioOutputTokens",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "BilledRequests",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "ContentBytes",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "ImageInputTokens",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "ImageOutputTokens",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "Images",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "Searches",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "ToolCalls",
                table: "LedgerEntries");

            migrationBuilder.Sql("""UPDATE "Calls" SET "PromptBytes" = ("PromptBytes" + 3) / 4""");
            migrationBuilder.RenameColumn(
                name: "PromptBytes",
                table: "Calls",
                newName: "PromptTokensEstimate");
        }
    }
}
