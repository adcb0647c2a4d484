using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.SavedFilters;
using Microsoft.EntityFrameworkCore;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static IReadOnlyList<AccessLine> AuditCommands =>
    [
        Command("AuditProofs.ProveAsync", Overseers, async (world, actor) =>
            await world.Get<AuditProofs>().ProveAsync(actor, await EventAsync(world), default)),
        Command("AuditExport.PlanAsync", Here(Auditor, ComplianceOfficer), (world, actor) =>
            world.Get<AuditExport>().PlanAsync(actor, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default)),
        Command("AuditTextSearch.BeginAsync", Here(Auditor, ComplianceOfficer), (world, actor) =>
            world.Get<AuditTextSearch>().BeginAsync(actor, new AuditFilter(), "platform", null, default)),
        Command("AuditExport.RecordListAsync", Here(Auditor, ComplianceOfficer), (world, actor) =>
            world.Get<AuditExport>().RecordListAsync(actor, new AuditFilter(), "csv", default)),
        Command("AuditAnchorService.DepositNowAsync", Here(Auditor, ComplianceOfficer), (world, actor) => world.Get<AuditAnchorService>().DepositNowAsync(actor, default)),
        Command("AuditExportFiles.StartAsync", Here(Auditor, ComplianceOfficer), async (world, actor) =>
        {
            var started = await world.Get<AuditExportFiles>().StartAsync(actor, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default);
            if (started.Succeeded) await world.Get<AuditExportFiles>().RemoveAsync(actor, started.Value.Id, default);
            return started;
        }),
        Command("AuditExportFiles.TakeAsync", Here(Auditor), async (world, actor) =>
            await world.Get<AuditExportFiles>().TakeAsync(actor, await ExportAsync(world), default) is { Refusal: { } refusal } ? refusal : Domain.Result.Ok),
        Command("AuditExportFiles.RemoveAsync", Here(Auditor), async (world, actor) =>
            await world.Get<AuditExportFiles>().RemoveAsync(actor, await ExportAsync(world), default)),
        Command("SavedFilterService.SaveAsync", Overseers, (world, actor) =>
            world.Get<SavedFilterService>().SaveAsync(actor, SavedFilterService.Audit, Unique("Filter"), "action=key", default)) with { Elsewhere = true },
        Command("SavedFilterService.RenameAsync", Here(Auditor), async (world, actor) =>
            await world.Get<SavedFilterService>().RenameAsync(actor, await FilterAsync(world), Unique("Filter"), default)),
        Command("SavedFilterService.RemoveAsync", Here(Auditor), async (world, actor) =>
            await world.Get<SavedFilterService>().RemoveAsync(actor, await FilterAsync(world), default)),
    ];

    private static IReadOnlyList<AccessLine> AuditReadings =>
    [
        Reading("AuditQueries.ListAsync", Overseers, async (world, actor) =>
        {
            var id = await EventAsync(world);
            return (await world.Get<AuditQueries>().ListAsync(actor, new AuditFilter(), null, 500, default)).Items.Any(row => row.Event.Id == id);
        }),
        Reading("AuditQueries.FindAsync", Overseers, async (world, actor) =>
            await world.Get<AuditQueries>().FindAsync(actor, await EventAsync(world), default) is not null),
        Reading("AuditQueries.ActivityAsync", Overseers, async (world, actor) =>
        {
            var row = await NewestAsync(world);
            var filter = new AuditFilter { ResourceType = row.Event.ResourceType, ResourceRef = row.Event.ResourceRef };
            return (await world.Get<AuditQueries>().ActivityAsync(actor, filter, TimeZoneInfo.Utc, default)).Count > 0;
        }),
        Reading("AuditLogQueries.PeopleAsync", Overseers, async (world, actor) =>
        {
            var admin = world.ActorOf(SystemAdmin).Id;
            return (await world.Get<AuditLogQueries>().PeopleAsync(actor, default)).Any(person => person.Id == admin);
        }),
        Reading("AuditLogQueries.ErasuresAsync", Overseers, async (world, actor) =>
        {
            var key = Guid.CreateVersion7();
            await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
            world.Get<AuditTrail>().Record(db, world.Tenant.Admin, "subject.erased", "data_key", System.Buffers.Text.Base64Url.EncodeToString(key.ToByteArray(bigEndian: true)));
            await db.SaveChangesAsync();
            return (await world.Get<AuditLogQueries>().ErasuresAsync(actor, [key], default)).Count == 1;
        }),
        Reading("AuditLogQueries.CountAsync", Overseers, async (world, actor) =>
            actor.OrganizationId == world.Tenant.Id && await world.Get<AuditLogQueries>().CountAsync(actor, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default) > 0),
        Reading("AuditLogQueries.IntegrityAsync", Overseers, async (world, actor) =>
            actor.OrganizationId == world.Tenant.Id && await world.Get<AuditLogQueries>().IntegrityAsync(actor, default) is not null),
        Reading("AuditExportFiles.ListAsync", Here(Auditor), async (world, actor) =>
        {
            var id = await ExportAsync(world);
            return (await world.Get<AuditExportFiles>().ListAsync(actor, default)).Any(run => run.Id == id);
        }),
        Reading("SavedFilterService.ListAsync", Here(Auditor), async (world, actor) =>
        {
            var id = await FilterAsync(world);
            return (await world.Get<SavedFilterService>().ListAsync(actor, SavedFilterService.Audit, default)).Any(filter => filter.Id == id);
        }),
        Reading("AuditLogQueries.ProblemAsync", Overseers, async (world, actor) =>
        {
            await HaveProblemAsync(world);
            return await world.Get<AuditLogQueries>().ProblemAsync(actor, default) is not null;
        }),
        Reading("AuditAnchorQueries.ListAsync", Overseers, async (world, actor) =>
            actor.OrganizationId == world.Tenant.Id && (await world.Get<AuditAnchorQueries>().ListAsync(actor, default)).Count > 0),
    ];

    /// <summary>The only export of the auditor, which waits to be fetched.</summary>
    private static async Task<Guid> ExportAsync(AccessWorld world)
    {
        var (files, auditor) = (world.Get<AuditExportFiles>(), world.ActorOf(Auditor));
        foreach (var old in await files.ListAsync(auditor, default)) await files.RemoveAsync(auditor, old.Id, default);
        var run = (await files.StartAsync(auditor, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, default)).Required();
        await Eventually.TrueAsync(() => run.State == AuditExportState.Ready, "the export is written");
        return run.Id;
    }

    /// <summary>A saved filter of the auditor.</summary>
    private static async Task<Guid> FilterAsync(AccessWorld world) =>
        (await world.Get<SavedFilterService>().SaveAsync(world.ActorOf(Auditor), SavedFilterService.Audit, Unique("Filter"), "action=key", default)).Required();

    /// <summary>Something is wrong with the tenant's log, whatever the self-check has said of it by now.</summary>
    private static async Task HaveProblemAsync(AccessWorld world)
    {
        const string Problem = "Entry 3 is missing.";
        await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
        if (await db.AuditChecks.ExecuteUpdateAsync(set => set.SetProperty(check => check.Problem, Problem)) > 0) return;
        db.AuditChecks.Add(new AuditCheck { OrganizationId = world.Tenant.Id, Problem = Problem });
        await db.SaveChangesAsync();
    }

    /// <summary>An event of the tenant.</summary>
    private static async Task<Guid> EventAsync(AccessWorld world) => (await NewestAsync(world)).Event.Id;

    /// <summary>That a team was created, by the tenant's administrator.</summary>
    private static async Task<AuditRow> NewestAsync(AccessWorld world)
    {
        var team = await TeamAsync(world);
        var filter = new AuditFilter { Action = "team.created", ResourceRef = team.ToString("n") };
        return (await world.Get<AuditQueries>().ListAsync(world.Tenant.Admin, filter, null, 1, default)).Items[0];
    }
}
