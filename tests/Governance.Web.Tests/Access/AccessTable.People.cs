using System.Text;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Import;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static IReadOnlyList<AccessLine> PeopleCommands =>
    [
        Command("InvitationService.InviteAsync", Here(SystemAdmin), (world, actor) =>
            world.Get<InvitationService>().InviteAsync(actor, Invitation(), default)) with { Elsewhere = true },
        Command("InvitationService.ResendAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<InvitationService>().ResendAsync(actor, await InvitationAsync(world), default)),
        Command("InvitationService.WithdrawAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<InvitationService>().WithdrawAsync(actor, await InvitationAsync(world), default)),
        Command("PeopleImport.PreviewAsync", Here(SystemAdmin), (world, actor) =>
            world.Get<PeopleImport>().PreviewAsync(actor, File(), default)) with { Elsewhere = true },
        Command("PeopleImport.ImportAsync", Here(SystemAdmin), (world, actor) =>
            world.Get<PeopleImport>().ImportAsync(actor, File(), null, default)) with { Elsewhere = true },
        Command("PersonLifecycleService.RenameAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<PersonLifecycleService>().RenameAsync(actor, await PersonAsync(world), "Other name", default)),
        Command("PersonLifecycleService.DisableAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<PersonLifecycleService>().DisableAsync(actor, await PersonAsync(world), default)),
        Command("PersonErasureService.EraseAsync", Here(ComplianceOfficer), async (world, actor) =>
            await world.Get<PersonErasureService>().EraseAsync(actor, await PersonAsync(world), "Their request", default)),
        Command("PersonLifecycleService.EnableAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<PersonLifecycleService>().EnableAsync(actor, await PersonAsync(world), default)),
        Command("SecondFactorService.ResetAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<SecondFactorService>().ResetAsync(actor, await PersonAsync(world), default)),
        Command("SecondFactorService.StatusAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<SecondFactorService>().StatusAsync(actor, await PersonAsync(world), default)),
        Command("SecondFactorService.BeginAuthenticatorAsync", Nobody, async (world, actor) =>
            await world.Get<SecondFactorService>().BeginAuthenticatorAsync(actor, await PersonAsync(world), default)),
        Command("SecondFactorService.ConfirmAuthenticatorAsync", Nobody, async (world, actor) =>
            await world.Get<SecondFactorService>().ConfirmAuthenticatorAsync(actor, await PersonAsync(world), "123456", default)),
        Command("SecondFactorService.RegenerateRecoveryCodesAsync", Nobody, async (world, actor) =>
            await world.Get<SecondFactorService>().RegenerateRecoveryCodesAsync(actor, await PersonAsync(world), default)),
        Command("SecondFactorService.RemoveAuthenticatorAsync", Nobody, async (world, actor) =>
            await world.Get<SecondFactorService>().RemoveAuthenticatorAsync(actor, await PersonAsync(world), default)),
        Command("SecondFactorCheck.VerifyCodeAsync", Nobody, async (world, actor) =>
            await world.Get<SecondFactorCheck>().VerifyCodeAsync(actor, await PersonAsync(world), "123456", default)),
        Command("SecondFactorCheck.UseRecoveryCodeAsync", Nobody, async (world, actor) =>
            await world.Get<SecondFactorCheck>().UseRecoveryCodeAsync(actor, await PersonAsync(world), "123456", default)),
        Command("SignInThrottle.UnlockAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<SignInThrottle>().UnlockAsync(actor, await PersonAsync(world), default)),
        Command("TeamService.CreateAsync", Here(SystemAdmin), (world, actor) =>
            world.Get<TeamService>().CreateAsync(actor, Unique("Team"), null, default)) with { Elsewhere = true },
        Command("TeamService.RenameAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TeamService>().RenameAsync(actor, await TeamAsync(world), Unique("Renamed"), default)),
        Command("TeamService.MoveAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TeamService>().MoveAsync(actor, await TeamAsync(world), null, default)),
        Command("TeamService.ArchiveAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TeamService>().ArchiveAsync(actor, await TeamAsync(world), default)),
        Command("TeamMembershipService.AddAsync", Here(SystemAdmin), async (world, actor) => await world.Get<TeamMembershipService>()
            .AddAsync(actor, new NewMembership(await TeamAsync(world), await PersonAsync(world), new DateOnly(2026, 1, 1)), default)),
        Command("TeamMembershipService.EndAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TeamMembershipService>().EndAsync(actor, await MembershipAsync(world), new DateOnly(2026, 2, 1), default)),
        Command("TeamMembershipService.SetLeadAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TeamMembershipService>().SetLeadAsync(actor, await MembershipAsync(world), false, default)),
        Command("SettingsService.ChangeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<SettingsService>().ChangeAsync(actor, (await world.Get<SettingsService>().FindAsync(actor with { Kind = ActorKind.System }, default))!, default)) with { Elsewhere = true },
    ];

    private static IReadOnlyList<AccessLine> PeopleReadings =>
    [
        Reading("PeopleQueries.ListAsync", Here(SystemAdmin, Auditor, ComplianceOfficer, TeamLead), async (world, actor) =>
        {
            var person = await MemberAsync(world);
            var newest = await world.Get<PeopleQueries>().ListAsync(actor, new PeopleFilter(TeamId: world.Tenant.Application.TeamId), default, 1, 500, default);
            return newest.Rows.Any(row => row.Id == person);
        }),
        Reading("PeopleQueries.FindAsync", Here(SystemAdmin, Auditor, ComplianceOfficer, TeamLead), async (world, actor) =>
            await world.Get<PeopleQueries>().FindAsync(actor, await MemberAsync(world), default) is not null),
        Reading("TeamQueries.TreeAsync", Here(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer, TeamLead), async (world, actor) =>
            (await world.Get<TeamQueries>().TreeAsync(actor, archived: false, default)).Any(row => row.Id == world.Tenant.Application.TeamId)),
        Reading("TeamQueries.FindAsync", Here(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer, TeamLead), async (world, actor) =>
            await world.Get<TeamQueries>().FindAsync(actor, world.Tenant.Application.TeamId, default) is not null),
        Reading("SettingsService.FindAsync", Overseers, async (world, actor) =>
            (await world.Get<SettingsService>().FindAsync(actor, default))?.Name == world.Tenant.Organization.Name),
    ];

    private static NewInvitation Invitation() => new("Somebody", Unique("invited") + "@example.test", Member);

    private static byte[] File() => Encoding.UTF8.GetBytes($"name,email,role,team\nSomebody,{Unique("imported")}@example.test,member,\n");

    private static async Task<Guid> InvitationAsync(AccessWorld world) =>
        (await world.Get<InvitationService>().InviteAsync(world.Tenant.Admin, Invitation(), default)).Required();

    private static async Task<Guid> TeamAsync(AccessWorld world) =>
        (await world.Get<TeamService>().CreateAsync(world.Tenant.Admin, Unique("Team"), null, default)).Required();

    private static async Task<Guid> MembershipAsync(AccessWorld world)
    {
        var person = await MemberAsync(world);
        await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
        return await db.TeamMemberships.Where(membership => membership.PersonId == person).Select(membership => membership.Id).SingleAsync();
    }
}
