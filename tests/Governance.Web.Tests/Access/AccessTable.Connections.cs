using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Resilience;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static string[] ProviderReaders => [SystemAdmin, CostViewer, CostAdmin, Auditor, ComplianceOfficer];

    private static IReadOnlyList<AccessLine> ConnectionCommands =>
    [
        Command("ConnectionService.CreateAsync", Here(SystemAdmin), (world, actor) => world.Get<ConnectionService>().CreateAsync(actor, NewConnection(), default)) with { Elsewhere = true },
        Command("ConnectionService.ChangeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ConnectionService>().ChangeAsync(actor, await ConnectionAsync(world), NewConnection(), default)),
        Command("ConnectionService.ApproveAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ConnectionService>().ApproveAsync(actor, await ConnectionAsync(world), default)),
        Command("ConnectionService.WithdrawAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ConnectionService>().WithdrawAsync(actor, await ConnectionAsync(world, approved: true), default)),
        Command("ConnectionService.MakeDefaultAsync", Here(SystemAdmin), async (world, actor) =>
        {
            await ConnectionAsync(world, approved: true); // There is a default already.
            return await world.Get<ConnectionService>().MakeDefaultAsync(actor, await ConnectionAsync(world, approved: true), default);
        }),
        Command("ConnectionService.DeleteAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ConnectionService>().DeleteAsync(actor, await ConnectionAsync(world), default)),
        Command("ConnectionService.TestAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ConnectionService>().TestAsync(actor, await ConnectionAsync(world), default)),
        Command("RouteService.CreateAsync", Here(SystemAdmin), async (world, actor) => await world.Get<RouteService>().CreateAsync(actor, await NewRouteAsync(world), default)) with { Elsewhere = true },
        Command("RouteService.ChangeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<RouteService>().ChangeAsync(actor, await RouteAsync(world), await NewRouteAsync(world), default)),
        Command("RouteService.SetAsync", Here(SystemAdmin), async (world, actor) =>
        {
            await RouteAsync(world); // Leaves no more than that one.
            return await world.Get<RouteService>().SetAsync(actor, await NewRouteAsync(world), default);
        }) with { Elsewhere = true },
        Command("RouteService.DeleteAsync", Here(SystemAdmin), async (world, actor) => await world.Get<RouteService>().DeleteAsync(actor, await RouteAsync(world), default)),
        Command("ResponseCacheService.SetAsync", Here(SystemAdmin), async (world, actor) =>
        {
            await world.Get<ResponseCacheService>().SetAsync(world.Tenant.Admin, world.Tenant.Application.Id, null, default);
            return await world.Get<ResponseCacheService>().SetAsync(actor, world.Tenant.Application.Id, TimeSpan.FromMinutes(1), default);
        }),
        Command("BreakerService.ResetAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<BreakerService>().ResetAsync(actor, await OpenedAsync(world), default)),
    ];

    private static IReadOnlyList<AccessLine> ConnectionReadings =>
    [
        Reading("ConnectionQueries.ListAsync", ProviderReaders, async (world, actor) =>
        {
            var id = await ConnectionAsync(world);
            return (await world.Get<ConnectionQueries>().ListAsync(actor, Always, default)).Any(row => row.Id == id);
        }),
        Reading("RouteService.ListAsync", ProviderReaders, async (world, actor) =>
        {
            var id = await RouteAsync(world);
            return (await world.Get<RouteService>().ListAsync(actor, default)).Any(route => route.Id == id);
        }),
        Reading("ResponseCacheService.ListAsync", ProviderReaders, async (world, actor) =>
            (await world.Get<ResponseCacheService>().ListAsync(actor, default)).Any(row => row.ApplicationId == world.Tenant.Application.Id)),
        Reading("BreakerQueries.ListAsync", ProviderReaders, async (world, actor) =>
        {
            var name = await OpenedAsync(world);
            return (await world.Get<BreakerQueries>().ListAsync(actor, default)).ContainsKey(name);
        }),
        Reading("BreakerQueries.FindAsync", ProviderReaders, async (world, actor) =>
        {
            var name = await OpenedAsync(world);
            return await world.Get<BreakerQueries>().FindAsync(actor, name, default) is { Changes.Count: > 0 };
        }),
        Reading("ConnectionQueries.FindAsync", ProviderReaders, async (world, actor) =>
        {
            var id = await ConnectionAsync(world);
            return await world.Get<ConnectionQueries>().FindAsync(actor, Domain.PublicId.Format(Domain.PublicId.Connection, id), Always, default) is not null;
        }),
    ];

    private static async Task<RouteDraft> NewRouteAsync(AccessWorld world) => new("openai", Unique("model"), [new RouteTarget(await NameAsync(world))]);

    private static async Task<Guid> RouteAsync(AccessWorld world)
    {
        var service = world.Get<RouteService>();
        foreach (var route in await service.ListAsync(world.Tenant.Admin, default)) await service.DeleteAsync(world.Tenant.Admin, route.Id, default);
        return (await service.CreateAsync(world.Tenant.Admin, await NewRouteAsync(world), default)).Value;
    }

    /// <summary>The name of a connection whose breaker is open, and has said so.</summary>
    private static async Task<string> OpenedAsync(AccessWorld world)
    {
        var name = await NameAsync(world);
        var gate = world.Get<ConnectionGates>().Of(world.Tenant.Id, name);
        for (var failure = 0; failure < new ResilienceOptions().BreakerFailures; failure++)
        {
            using var pass = gate.Enter().Pass;
            pass?.Report(AttemptVerdict.Failed, null);
        }

        await world.Get<BreakerShare>().RunAsync(default);
        return name;
    }

    private static async Task<string> NameAsync(AccessWorld world)
    {
        var id = await ConnectionAsync(world, approved: true);
        return (await world.Get<ConnectionQueries>().ListAsync(world.Tenant.Admin, Always, default)).Single(row => row.Id == id).Name;
    }

    /// <summary>Nothing listens there: what is tested is who may.</summary>
    private static ConnectionDraft NewConnection() => new(Unique("connection"), "openai", "http://127.0.0.1:9/v1") { Secret = "secret" };

    /// <summary>A connection of the tenant. It is deleted with the others before there are too many.</summary>
    private static async Task<Guid> ConnectionAsync(AccessWorld world, bool approved = false)
    {
        var service = world.Get<ConnectionService>();
        var rows = await world.Get<ConnectionQueries>().ListAsync(world.Tenant.Admin, Always, default);
        if (rows.Count > ConnectionService.MaxConnections / 2)
        {
            foreach (var row in rows.Where(row => row.Id is not null)) await service.DeleteAsync(world.Tenant.Admin, row.Id!.Value, default);
        }

        var id = (await service.CreateAsync(world.Tenant.Admin, NewConnection(), default)).Value;
        if (approved) await service.ApproveAsync(world.Tenant.Admin, id, default);
        return id;
    }
}
