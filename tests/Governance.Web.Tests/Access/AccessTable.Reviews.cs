using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Reviews;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static IReadOnlyList<AccessLine> ReviewCommands =>
    [
        Command("AccessReviewService.StartAsync", Here(ComplianceOfficer), (world, actor) =>
            world.Get<AccessReviewService>().StartAsync(actor, KeysOnly, default)),
        Command("AccessReviewService.DecideAsync", Here(ComplianceOfficer), async (world, actor) =>
        {
            var review = await ReviewAsync(world);
            var items = await world.Get<AccessReviewQueries>().AllItemsAsync(world.Tenant.Admin, review.Id, AccessReviewFilter.Everything, default);
            return await world.Get<AccessReviewService>().DecideAsync(actor, review.Id, new ReviewVerdict([items.Items[0].Id], ReviewDecision.Keep), default);
        }),
        Command("AccessReviewService.FinishAsync", Here(ComplianceOfficer), async (world, actor) =>
            await world.Get<AccessReviewService>().FinishAsync(actor, (await ReviewAsync(world)).Id, default)),
        Command("AccessReviewService.VerifyAsync", Overseers, async (world, actor) =>
            await world.Get<AccessReviewService>().VerifyAsync(actor, (await ReviewAsync(world)).Id, default)),
    ];

    private static IReadOnlyList<AccessLine> ReviewReadings =>
    [
        Reading("AccessReviewQueries.ListAsync", Overseers, async (world, actor) =>
        {
            var review = await ReviewAsync(world);
            return (await world.Get<AccessReviewQueries>().ListAsync(actor, default)).Rows.Any(row => row.Review.Id == review.Id);
        }),
        Reading("AccessReviewQueries.FindAsync", Overseers, async (world, actor) =>
            await world.Get<AccessReviewQueries>().FindAsync(actor, (await ReviewAsync(world)).Id, default) is not null),
        Reading("AccessReviewQueries.ItemsAsync", Overseers, async (world, actor) =>
            (await world.Get<AccessReviewQueries>().ItemsAsync(actor, (await ReviewAsync(world)).Id, AccessReviewFilter.Everything, null, 10, default)).Items.Count > 0),
        Reading("AccessReviewQueries.AllItemsAsync", Overseers, async (world, actor) =>
            (await world.Get<AccessReviewQueries>().AllItemsAsync(actor, (await ReviewAsync(world)).Id, AccessReviewFilter.Everything, default)).Items.Count > 0),
        Reading("AccessReviewQueries.CountOverdueAsync", Here(ComplianceOfficer), async (world, actor) =>
        {
            await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
            var started = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            db.AccessReviews.Add(new AccessReview
            {
                Id = Guid.CreateVersion7(started), OrganizationId = world.Tenant.Id, Name = "Forgotten", CoversKeys = true, StartedAt = started, DueOn = new DateOnly(2020, 2, 1),
            });
            await db.SaveChangesAsync();
            return await world.Get<AccessReviewQueries>().CountOverdueAsync(actor, default) > 0;
        }),
    ];

    private static NewAccessReview KeysOnly => new("Keys", false, true, false, new DateOnly(2100, 1, 1));

    private static async Task<AccessReview> ReviewAsync(AccessWorld world) =>
        (await world.Get<AccessReviewService>().StartAsync(world.Tenant.Admin, KeysOnly, default)).Required();
}
