using Governance.Infrastructure.Proxy.Connections;
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
    ];

    private static IReadOnlyList<AccessLine> ConnectionReadings =>
    [
        Reading("ConnectionQueries.ListAsync", ProviderReaders, async (world, actor) =>
        {
            var id = await ConnectionAsync(world);
            return (await world.Get<ConnectionQueries>().ListAsync(actor, Always, default)).Any(row => row.Id == id);
        }),
        Reading("ConnectionQueries.FindAsync", ProviderReaders, async (world, actor) =>
        {
            var id = await ConnectionAsync(world);
            return await world.Get<ConnectionQueries>().FindAsync(actor, Domain.PublicId.Format(Domain.PublicId.Connection, id), Always, default) is not null;
        }),
    ];

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
