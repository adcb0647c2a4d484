using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AuditIndices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OrganizationId_Action_At_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OrganizationId_ActorRef_At_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OrganizationId_Category_At_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OrganizationId_Outcome_At_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OrganizationId_ResourceType_ResourceRef_At_Id",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OrganizationId_Severity_At_Id",
                table: "AuditEvents");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_ActorKind",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "ActorRef", "Action", "ResourceType", "Category", "Severity", "Outcome", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_Kind",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "Action", "ResourceType", "Category", "Severity", "Outcome", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_Resource",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "ResourceRef", "At", "Id" },
                filter: "\"ResourceType\" <> 'call'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_ActorKind",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_Kind",
                table: "AuditEvents");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_Resource",
                table: "AuditEvents");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OrganizationId_Action_At_Id",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "Action", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OrganizationId_ActorRef_At_Id",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "ActorRef", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OrganizationId_Category_At_Id",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "Category", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OrganizationId_Outcome_At_Id",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "Outcome", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OrganizationId_ResourceType_ResourceRef_At_Id",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "ResourceType", "ResourceRef", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OrganizationId_Severity_At_Id",
                table: "AuditEvents",
                columns: new[] { "OrganizationId", "Severity", "At", "Id" });
        }
    }
}
