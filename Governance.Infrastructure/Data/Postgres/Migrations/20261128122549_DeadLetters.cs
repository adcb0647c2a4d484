using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class DeadLetters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_WorkItems_QuarantinedAt_DueAt",
                table: "WorkItems");

            migrationBuilder.AddColumn<string>(
                name: "Cause",
                table: "WorkItems",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ErrorPattern",
                table: "WorkItems",
                type: "character varying(160)",
                maxLength: 160,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "History",
                table: "WorkItems",
                type: "text",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<Guid>(
                name: "LockedBy",
                table: "WorkItems",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "State",
                table: "WorkItems",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Waiting");

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "WorkItems",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.Sql("""UPDATE "WorkItems" SET "State" = 'Quarantined' WHERE "QuarantinedAt" IS NOT NULL""");

            migrationBuilder.CreateTable(
                name: "DeadLetterAlarms",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    RaisedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: false),
                    OldestAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeadLetterAlarms", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeadLetterAlarms_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DeadLetterBulks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Action = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    FilterJson = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    RequestedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    RequestedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Matched = table.Column<long>(type: "bigint", nullable: false),
                    Done = table.Column<long>(type: "bigint", nullable: false),
                    Place = table.Column<Guid>(type: "uuid", nullable: true),
                    State = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeadLetterBulks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeadLetterBulks_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_OrganizationId_CreatedAt_Id",
                table: "WorkItems",
                columns: new[] { "OrganizationId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_OrganizationId_Kind_Cause",
                table: "WorkItems",
                columns: new[] { "OrganizationId", "Kind", "Cause" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_OrganizationId_State_Kind",
                table: "WorkItems",
                columns: new[] { "OrganizationId", "State", "Kind" });

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_State_Kind_DueAt_Id",
                table: "WorkItems",
                columns: new[] { "State", "Kind", "DueAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DeadLetterAlarms_OrganizationId",
                table: "DeadLetterAlarms",
                column: "OrganizationId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeadLetterBulks_OrganizationId_RequestedAt",
                table: "DeadLetterBulks",
                columns: new[] { "OrganizationId", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DeadLetterBulks_State",
                table: "DeadLetterBulks",
                column: "State");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeadLetterAlarms");

            migrationBuilder.DropTable(
                name: "DeadLetterBulks");

            migrationBuilder.DropIndex(
                name: "IX_WorkItems_OrganizationId_CreatedAt_Id",
                table: "WorkItems");

            migrationBuilder.DropIndex(
                name: "IX_WorkItems_OrganizationId_Kind_Cause",
                table: "WorkItems");

            migrationBuilder.DropIndex(
                name: "IX_WorkItems_OrganizationId_State_Kind",
                table: "WorkItems");

            migrationBuilder.DropIndex(
                name: "IX_WorkItems_State_Kind_DueAt_Id",
                table: "WorkItems");

            migrationBuilder.DropColumn(
                name: "Cause",
                table: "WorkItems");

            migrationBuilder.DropColumn(
                name: "ErrorPattern",
                table: "WorkItems");

            migrationBuilder.DropColumn(
                name: "History",
                table: "WorkItems");

            migrationBuilder.DropColumn(
                name: "LockedBy",
                table: "WorkItems");

            migrationBuilder.DropColumn(
                name: "State",
                table: "WorkItems");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "WorkItems");

            migrationBuilder.CreateIndex(
                name: "IX_WorkItems_QuarantinedAt_DueAt",
                table: "WorkItems",
                columns: new[] { "QuarantinedAt", "DueAt" });
        }
    }
}
