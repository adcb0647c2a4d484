using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Governance.Infrastructure.Data.Postgres.Migrations
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
                UPDATE "CostRollups" SET "TeamId" = '\xff' WHERE "TeamId" = '\x' AND "Shape" IN (3, 4, 5, 6, 7, 8);
                UPDATE "CostRollups" SET "ApplicationId" = '\xff' WHERE "ApplicationId" = '\x' AND "Shape" IN (4, 5, 6, 7, 8);
                UPDATE "CostRollups" SET "KeyId" = '\xff' WHERE "KeyId" = '\x' AND "Shape" IN (5, 8);
                UPDATE "CostRollups" SET "SubjectId" = '\xff' WHERE "SubjectId" = '\x' AND "Shape" IN (6, 8);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                UPDATE "CostRollups" SET "TeamId" = '\x' WHERE "TeamId" = '\xff';
                UPDATE "CostRollups" SET "ApplicationId" = '\x' WHERE "ApplicationId" = '\xff';
                UPDATE "CostRollups" SET "KeyId" = '\x' WHERE "KeyId" = '\xff';
                UPDATE "CostRollups" SET "SubjectId" = '\x' WHERE "SubjectId" = '\xff';
                """);
        }
    }
}
