using Governance.Infrastructure.Data;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Jobs;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private const string UnknownKind = "nobody-handles-this";

    private static IReadOnlyList<AccessLine> DeadLetterRoutes =>
    [
        Route("GET /dead-letters", Pages(Overseers)),
        Route("GET /dead-letters/{Id}", Pages(Overseers), _ => "/dead-letters/none"),
        Route("GET /export/dead-letters.csv", Pages(Overseers)),
        Api("GET /api/v1/dead-letters", Pages(Overseers)),
        Api("GET /api/v1/dead-letters/{workId}", Pages(Overseers), _ => "/api/v1/dead-letters/none"),
        Api("GET /api/v1/dead-letters/operations", Pages(Overseers)),
        Api("POST /api/v1/dead-letters/retry", Pages(SystemAdmin)),
        Api("POST /api/v1/dead-letters/discard", Pages(SystemAdmin)),
    ];

    private static IReadOnlyList<AccessLine> DeadLetterCommands =>
    [
        Command("DeadLetterService.RetryAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<DeadLetterService>().RetryAsync(actor, [await DeadLetterAsync(world)], default)),
        Command("DeadLetterService.DiscardAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<DeadLetterService>().DiscardAsync(actor, [await DeadLetterAsync(world)], "No use", default)),
        Command("DeadLetterEditService.PreviewAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<DeadLetterEditService>().PreviewAsync(actor, await DeadLetterAsync(world), 0, "{}", default)),
        Command("DeadLetterEditService.EditAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<DeadLetterEditService>().EditAsync(actor, await DeadLetterAsync(world), 0, "{}", "Wrong", default)),

        // In another organisation nothing matches, which is no refusal of access.
        Command("DeadLetterBulkService.RetryAsync", Here(SystemAdmin), async (world, actor) =>
        {
            await DeadLetterAsync(world);
            return await world.Get<DeadLetterBulkService>().RetryAsync(actor, new DeadLetterFilter(Kind: UnknownKind), default);
        }) with { Elsewhere = true },
        Command("DeadLetterBulkService.DiscardAsync", Here(SystemAdmin), async (world, actor) =>
        {
            await DeadLetterAsync(world);
            return await world.Get<DeadLetterBulkService>().DiscardAsync(actor, new DeadLetterFilter(Kind: UnknownKind), "No use", default);
        }) with { Elsewhere = true },
        Command("DeadLetterBulkService.CancelAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<DeadLetterBulkService>().CancelAsync(actor, await BulkAsync(world), default)),
    ];

    private static IReadOnlyList<AccessLine> DeadLetterReadings =>
    [
        Reading("DeadLetterQueries.SummaryAsync", Overseers, async (world, actor) =>
        {
            await DeadLetterAsync(world);
            return (await world.Get<DeadLetterQueries>().SummaryAsync(actor, default)).Quarantined > 0;
        }),
        Reading("DeadLetterQueries.GroupsAsync", Overseers, async (world, actor) =>
        {
            await DeadLetterAsync(world);
            return (await world.Get<DeadLetterQueries>().GroupsAsync(actor, new DeadLetterFilter(), default)).Count > 0;
        }),
        Reading("DeadLetterQueries.CountAsync", Overseers, async (world, actor) =>
        {
            await DeadLetterAsync(world);
            return await world.Get<DeadLetterQueries>().CountAsync(actor, new DeadLetterFilter(), default) > 0;
        }),
        Reading("DeadLetterQueries.ListAsync", Overseers, async (world, actor) =>
        {
            var id = await DeadLetterAsync(world);
            return (await world.Get<DeadLetterQueries>().ListAsync(actor, new DeadLetterFilter(), null, 500, default)).Items.Any(row => row.Id == id);
        }),
        Reading("DeadLetterQueries.FindAsync", Overseers, async (world, actor) =>
            await world.Get<DeadLetterQueries>().FindAsync(actor, await DeadLetterAsync(world), default) is not null),
        Reading("DeadLetterQueries.BulksAsync", Overseers, async (world, actor) =>
        {
            var id = await BulkAsync(world);
            return (await world.Get<DeadLetterQueries>().BulksAsync(actor, default)).Any(bulk => bulk.Id == id);
        }),
    ];

    /// <summary>A quarantined item of the tenant, of a kind that needs a second person.</summary>
    private static async Task<Guid> DeadLetterAsync(AccessWorld world)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
        var item = new WorkItem
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = world.Tenant.Id,
            Kind = UnknownKind,
            Payload = "{}",
            CreatedAt = now,
            DueAt = now,
            State = WorkState.Quarantined,
            QuarantinedAt = now,
            Attempts = 12,
        };
        db.WorkItems.Add(item);
        await db.SaveChangesAsync();
        return item.Id;
    }

    /// <summary>An operation of the tenant. It may have ended already, which is no refusal of access.</summary>
    private static async Task<Guid> BulkAsync(AccessWorld world)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
        var bulk = new DeadLetterBulk
        {
            Id = Guid.CreateVersion7(now), OrganizationId = world.Tenant.Id, FilterJson = """{"kind":"none-of-this"}""", RequestedAt = now, Matched = 1,
        };
        db.DeadLetterBulks.Add(bulk);
        await db.SaveChangesAsync();
        return bulk.Id;
    }
}
