using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy.Limits;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    /// <summary>No call comes near it.</summary>
    private static readonly LimitValues Wide = new(LimitValues.Max, null, null);

    private static IReadOnlyList<AccessLine> LimitCommands =>
    [
        Command("RateLimitService.SetAsync", Here(SystemAdmin), (world, actor) => world.Get<RateLimitService>().SetAsync(actor, LimitScope.Team, null, Wide, default)) with { Elsewhere = true },
        Command("RateLimitService.AddAsync", Here(SystemAdmin), (world, actor) => world.Get<RateLimitService>().AddAsync(actor, LimitScope.Key, null, Wide, default)) with { Elsewhere = true },
        Command("RateLimitService.DeleteAsync", Here(SystemAdmin), async (world, actor) => await world.Get<RateLimitService>().DeleteAsync(actor, await LimitAsync(world), default)),
    ];

    private static IReadOnlyList<AccessLine> LimitReadings =>
    [
        Reading("RateLimitQueries.ListAsync", ProviderReaders, async (world, actor) =>
        {
            var id = await LimitAsync(world);
            return (await world.Get<RateLimitQueries>().ListAsync(actor, default)).Any(row => row.Id == id);
        }),
        Reading("RateLimitQueries.FindAsync", ProviderReaders, async (world, actor) =>
            await world.Get<RateLimitQueries>().FindAsync(actor, await LimitAsync(world), default) is not null),
        Reading("RateLimitQueries.ChoicesAsync", Here(SystemAdmin), async (world, actor) =>
            (await world.Get<RateLimitQueries>().ChoicesAsync(actor, default)).Any(choice => choice.Id == world.Tenant.Application.Id)),
    ];

    private static async Task<Guid> LimitAsync(AccessWorld world) => (await world.Get<RateLimitService>().SetAsync(world.Tenant.Admin, LimitScope.Team, null, Wide, default)).Value;
}
