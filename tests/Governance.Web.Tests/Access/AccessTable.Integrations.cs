using Governance.Domain.Audit;
using Governance.Infrastructure.Audit.Streaming;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    /// <summary>Nothing listens there: what is tested is who may send.</summary>
    private const string NoReceiver = "http://127.0.0.1:9/events";

    private static IReadOnlyList<AccessLine> IntegrationCommands =>
    [
        Command("AuditWebhookService.AddAsync", Here(SystemAdmin), (world, actor) => world.Get<AuditWebhookService>().AddAsync(actor, Receiver(), default)) with { Elsewhere = true },
        Command("AuditWebhookService.ChangeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<AuditWebhookService>().ChangeAsync(actor, await ReceiverAsync(world), Receiver(), default)),
        Command("AuditWebhookService.RemoveAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<AuditWebhookService>().RemoveAsync(actor, await ReceiverAsync(world), default)),
        Command("AuditWebhookService.SendTestAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<AuditWebhookService>().SendTestAsync(actor, await ReceiverAsync(world), default)),
    ];

    private static IReadOnlyList<AccessLine> IntegrationReadings =>
    [
        Reading("AuditWebhookService.ListAsync", Here(SystemAdmin), async (world, actor) =>
        {
            var id = await ReceiverAsync(world);
            return (await world.Get<AuditWebhookService>().ListAsync(actor, default)).Any(row => row.Id == id);
        }),
    ];

    private static AuditWebhookDraft Receiver() => new($"Receiver {Guid.CreateVersion7():n}", NoReceiver, Enabled: false, AuditSeverity.Info, []);

    /// <summary>A receiver of the tenant.</summary>
    private static async Task<Guid> ReceiverAsync(AccessWorld world)
    {
        var service = world.Get<AuditWebhookService>();
        return await service.ListAsync(world.Tenant.Admin, default) is [var first, ..]
            ? first.Id
            : (await service.AddAsync(world.Tenant.Admin, Receiver(), default)).Value!.Id;
    }
}
