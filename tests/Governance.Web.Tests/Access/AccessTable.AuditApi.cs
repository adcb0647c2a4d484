using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static IReadOnlyList<AccessLine> AuditApiRoutes =>
    [
        Api("GET /api/v1/audit/logs", Pages(Overseers)),
        Api("POST /api/v1/audit/logs", Pages(Here(SystemAdmin))),
        Api("GET /api/v1/audit/logs/{id}", Pages(Overseers), _ => "/api/v1/audit/logs/evt_0"),
        Api("GET /api/v1/audit/logs/{id}/proof", Pages(Overseers), _ => "/api/v1/audit/logs/evt_0/proof"),
        Api("GET /api/v1/audit/statistics", Pages(Overseers)),
        Api("GET /api/v1/audit/export", Here(Auditor, ComplianceOfficer)),
        Api("GET /api/v1/audit/integrity", Pages(Overseers)),
        Api("GET /api/v1/audit/log/checkpoint", Pages(Overseers)),
        Api("GET /api/v1/audit/log/keys", Pages(Overseers)),
        Api("GET /api/v1/audit/log/tile/entries/{**index}", Pages(Overseers), _ => "/api/v1/audit/log/tile/entries/000.p/1"),
        Api("GET /api/v1/audit/log/tile/{level}/{**index}", Pages(Overseers), _ => "/api/v1/audit/log/tile/0/000.p/1"),
        Api("GET /api/v1/audit/events", Pages(Overseers)),
    ];

    private static IReadOnlyList<AccessLine> AuditApiCommands =>
    [
        Command("AuditIntake.RecordAsync", Here(SystemAdmin), (world, actor) =>
            world.Get<AuditIntake>().RecordAsync(actor, new ExternalEvent { Source = "ci", Action = "deployment.approved", ResourceType = "pipeline" }, null, default)) with { Elsewhere = true },
        Command("AuditRowsExport.PlanAsync", Here(Auditor, ComplianceOfficer), (world, actor) =>
            world.Get<AuditRowsExport>().PlanAsync(actor, new AuditFilter(), AuditRowsFormat.Csv, default)),
    ];

    private static IReadOnlyList<AccessLine> AuditApiReadings =>
    [
        Reading("AuditLogFiles.CheckpointAsync", Overseers, async (world, actor) =>
        {
            await world.Get<AuditSequencer>().CatchUpAsync(world.Tenant.Id, default);
            return (await world.Get<AuditLogFiles>().CheckpointAsync(actor, default))?.StartsWith(AuditLeaf.OriginOf(world.Tenant.Id), StringComparison.Ordinal) is true;
        }),
        Reading("AuditLogFiles.KeysAsync", Overseers, async (world, actor) =>
        {
            await world.Get<AuditSequencer>().CatchUpAsync(world.Tenant.Id, default);
            return (await world.Get<AuditLogFiles>().KeysAsync(actor, default)).Verifiers.Any(key => key.Name == AuditLeaf.OriginOf(world.Tenant.Id));
        }),
        Reading("AuditLogFiles.TileAsync", Overseers, async (world, actor) =>
        {
            await world.Get<AuditSequencer>().CatchUpAsync(world.Tenant.Id, default);
            var mine = await world.Get<AuditLogFiles>().TileAsync(world.Tenant.Admin, 0, 0, 1, default);
            return await world.Get<AuditLogFiles>().TileAsync(actor, 0, 0, 1, default) is { } tile && tile.SequenceEqual(mine!);
        }),
        Reading("AuditLogFiles.EntriesAsync", Overseers, async (world, actor) =>
        {
            await world.Get<AuditSequencer>().CatchUpAsync(world.Tenant.Id, default);
            var mine = await world.Get<AuditLogFiles>().EntriesAsync(world.Tenant.Admin, 0, 1, default);
            return await world.Get<AuditLogFiles>().EntriesAsync(actor, 0, 1, default) is { } entries && entries.SequenceEqual(mine!);
        }),
        Reading("AuditFeed.EndAsync", [.. Overseers, AccessWorld.OtherOrganization], async (world, actor) =>
            (await world.Get<AuditFeed>().EndAsync(actor, default)).Succeeded),
        Reading("AuditFeed.AfterAsync", Overseers, async (world, actor) =>
        {
            await world.Get<AuditSequencer>().CatchUpAsync(world.Tenant.Id, default);
            return (await world.Get<AuditFeed>().AfterAsync(actor, -1, 10, default)).Value?.Any(row => row.Event.OrganizationId == world.Tenant.Id) is true;
        }),
    ];
}
