using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class LimitsAndResilience : Migration
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
                name: "LimitMembers",
                columns: table => new
                {
                    InstanceId = table.Column<Guid>(type: "uuid", nullable: false),
                    JoinedIn = table.Column<long>(type: "bigint", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LimitMembers", x => x.InstanceId);
                });

            migrationBuilder.CreateTable(
                name: "LimitShares",
                columns: table => new
                {
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Scope = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ScopeId = table.Column<Guid>(type: "uuid", nullable: false),
                    Metric = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    InstanceId = table.Column<Guid>(type: "uuid", nullable: false),
                    Limit = table.Column<long>(type: "bigint", nullable: false),
                    Claim = table.Column<long>(type: "bigint", nullable: true),
                    Used = table.Column<long>(type: "bigint", nullable: false),
                    Want = table.Column<long>(type: "bigint", nullable: false),
                    WantOne = table.Column<long>(type: "bigint", nullable: false),
                    FreesAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    SaidAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LimitShares", x => new { x.OrganizationId, x.Scope, x.ScopeId, x.Metric, x.InstanceId });
                    table.ForeignKey(
                        name: "FK_LimitShares_Organizations_OrganizationId",
                        column: x => x.OrganizationId,
                        principalTable: "Organizations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
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

            migrationBuilder.CreateTable(
                name: "RateLimits",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Scope = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ScopeId = table.Column<Guid>(type: "uuid", nullable: false),
                    WrappedAddress = table.Column<byte[]>(type: "bytea", nullable: true),
                    RequestsPerMinute = table.Column<long>(type: "bigint", nullable: true),
                    TokensPerMinute = table.Column<long>(type: "bigint", nullable: true),
                    ConcurrentRequests = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RateLimits", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RateLimits_Organizations_OrganizationId",
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

            migrationBuilder.CreateIndex(
                name: "IX_RateLimits_OrganizationId_Scope_ScopeId",
                table: "RateLimits",
                columns: new[] { "OrganizationId", "Scope", "ScopeId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BreakerEvents");

            migrationBuilder.DropTable(
                name: "LimitMembers");

            migrationBuilder.DropTable(
                name: "LimitShares");

            migrationBuilder.DropTable(
                name: "ModelRoutes");

            migrationBuilder.DropTable(
                name: "RateLimits");

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
