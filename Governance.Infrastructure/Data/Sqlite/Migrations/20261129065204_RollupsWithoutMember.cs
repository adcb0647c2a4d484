using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RollupsWithoutMember : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What has no member of a dimension was empty as what a shape does not keep apart. Shapes as they are stored.
            migrationBuilder.Sql(
                """
                UPDATE "CostRollups" SET "TeamId" = X'FF' WHERE "TeamId" = X'' AND "Shape" IN (3, 4, 5, 6, 7, 8);
                UPDATE "CostRollups" SET "ApplicationId" = X'FF' WHERE "ApplicationId" = X'' AND "Shape" IN (4, 5, 6, 7, 8);
                UPDATE "CostRollups" SET "KeyId" = X'FF' WHERE "KeyId" = X'' AND "Shape" IN (5, 8);
                UPDATE "CostRollups" SET "SubjectId" = X'FF' WHERE "SubjectId" = X'' AND "Shape" IN (6, 8);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                UPDATE "CostRollups" SET "TeamId" = X'' WHERE "TeamId" = X'FF';
                UPDATE "CostRollups" SET "ApplicationId" = X'' WHERE "ApplicationId" = X'FF';
                UPDATE "CostRollups" SET "KeyId" = X'' WHERE "KeyId" = X'FF';
                UPDATE "CostRollups" SET "SubjectId" = X'' WHERE "SubjectId" = X'FF';
                """);
        }
    }
}
