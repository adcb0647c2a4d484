using Governance.Domain.Privacy;
using Governance.Infrastructure.Privacy;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static IReadOnlyList<AccessLine> ContentCommands =>
    [
        Command("CaptureRuleService.AddAsync", Here(SystemAdmin, ComplianceOfficer), (world, actor) => world.Get<CaptureRuleService>().AddAsync(actor, Choice, default)) with { Elsewhere = true },
        Command("CaptureRuleService.ChangeAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
            await world.Get<CaptureRuleService>().ChangeAsync(actor, await RuleAsync(world), Choice, default)),
        Command("CaptureRuleService.RemoveAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
            await world.Get<CaptureRuleService>().RemoveAsync(actor, await RuleAsync(world), default)),
        Command("CapturedContentQueries.ReadAsync", Here(ComplianceOfficer), async (world, actor) =>
        {
            await HaveContentAsync(world);
            return await world.Get<CapturedContentQueries>().ReadAsync(actor, world.CallId, default);
        }),
    ];

    private static IReadOnlyList<AccessLine> ContentReadings =>
    [
        Reading("CaptureRuleService.ListAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
        {
            var id = await RuleAsync(world);
            return (await world.Get<CaptureRuleService>().ListAsync(actor, default)).Any(row => row.Id == id);
        }),
        Reading("CaptureRuleService.ApplicationsAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
            (await world.Get<CaptureRuleService>().ApplicationsAsync(actor, default)).Any(application => application.Id == world.Tenant.Application.Id)),
        Reading("CapturedContentQueries.FindAsync", Here(ComplianceOfficer), async (world, actor) =>
            (await world.Get<CapturedContentQueries>().FindAsync(actor, world.CallId, default)).State == ContentState.NeverPassed),
    ];

    private static CaptureChoice Choice => new(null, null, CapturedSides.Both, 30, Enabled: false);

    /// <summary>A rule of the tenant.</summary>
    private static async Task<Guid> RuleAsync(AccessWorld world)
    {
        var service = world.Get<CaptureRuleService>();
        return await service.ListAsync(world.Tenant.Admin, default) is [var first, ..] ? first.Id : (await service.AddAsync(world.Tenant.Admin, Choice, default)).Value;
    }

    private static async Task HaveContentAsync(AccessWorld world)
    {
        if ((await world.Get<CapturedContentQueries>().ReadAsync(world.Tenant.Admin, world.CallId, default)).Succeeded) return;
        var content = new CallContent(world.Tenant.Id, world.CallId, null, 30, new ContentPiece("text"u8.ToArray(), false), null);
        await world.Get<ContentStore>().StoreAsync([content], default);
    }
}
