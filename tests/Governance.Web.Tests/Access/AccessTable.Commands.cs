using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Governance.Domain.Identity.Roles;

namespace Governance.Web.Tests.Access;

internal static partial class AccessTable
{
    private static TimeRange Always => new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);

    public static IReadOnlyList<AccessLine> Commands { get; } =
    [
        Command("ApplicationService.CreateAsync", Here(SystemAdmin, CostAdmin, TeamLead), (world, actor) =>
            world.Get<ApplicationService>().CreateAsync(actor, Unique("Application"), "Platform", default)) with { Elsewhere = true },
        Command("KeyService.CreateAsync", Here(SystemAdmin, CostAdmin, TeamLead), (world, actor) =>
            world.Get<KeyService>().CreateAsync(actor, new NewVirtualKey(world.Tenant.Application.Id, "Key", "production", "internal"), default)),
        Command("KeyService.RevokeAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            await world.Get<KeyService>().RevokeAsync(actor, (await KeyAsync(world)).Id, default)),
        Command("KeyService.UpdateAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            await world.Get<KeyService>().UpdateAsync(actor, (await KeyAsync(world)).Id, new VirtualKeyChange("Renamed", null, [ProxyApis.ChatCompletions], [], null), default)),
        Command("KeyService.RotateAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            await world.Get<KeyService>().RotateAsync(actor, (await KeyAsync(world)).Id, TimeSpan.Zero, default)),
        Command("KeyService.EndOverlapAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            await world.Get<KeyService>().EndOverlapAsync(actor, (await KeyAsync(world)).Id, default)),
        Command("RequestSigningKeyService.CreateAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            await world.Get<RequestSigningKeyService>().CreateAsync(actor, (await KeyAsync(world)).Id, default)),
        Command("RequestSigningKeyService.RevokeAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            await world.Get<RequestSigningKeyService>().RevokeAsync(actor, (await SigningKeyAsync(world)).Id, default)),
        Command("ServiceAccountService.CreateAsync", Here(SystemAdmin), (world, actor) =>
            world.Get<ServiceAccountService>().CreateAsync(actor, new NewServiceAccount("Reporting"), default)) with { Elsewhere = true },
        Command("ServiceAccountService.RevokeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ServiceAccountService>().RevokeAsync(actor, (await world.Tenant.AddServiceAccountAsync(world.Server.Services)).Id, default)),
        Command("ServiceAccountService.UpdateAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ServiceAccountService>().UpdateAsync(actor, (await world.Tenant.AddServiceAccountAsync(world.Server.Services)).Id, new ServiceAccountChange("Renamed", null, NewServiceAccount.DefaultScopes, null), default)),
        Command("ServiceAccountService.RotateAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ServiceAccountService>().RotateAsync(actor, (await world.Tenant.AddServiceAccountAsync(world.Server.Services)).Id, TimeSpan.Zero, default)),
        Command("ServiceAccountService.EndOverlapAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<ServiceAccountService>().EndOverlapAsync(actor, (await world.Tenant.AddServiceAccountAsync(world.Server.Services)).Id, default)),
        Command("PersonService.CreateAsync", Nobody, async (world, actor) =>
        {
            await using var scope = world.Server.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<PersonService>()
                .CreateAsync(actor, new NewPerson("Somebody", Unique("somebody") + "@example.test", "a password of fifteen", Member), default);
        }),
        Command("PriceService.AddAsync", Here(SystemAdmin, CostAdmin), (world, actor) =>
            world.Get<PriceService>().AddAsync(actor, new NewPrice { Provider = "openai", Model = Unique("model"), Input = 1, Output = 1, Source = "the contract" }, default)) with { Elsewhere = true },
        Command("PriceService.CancelAsync", Here(SystemAdmin, CostAdmin), async (world, actor) =>
            await world.Get<PriceService>().CancelAsync(actor, (await world.Get<PriceService>().ListAsync(world.Tenant.Admin, default))[0].Id, default)),
        Command("UsageImport.ImportAsync", Here(SystemAdmin, CostAdmin), (world, actor) =>
            world.Get<UsageImport>().ImportAsync(actor, [Imported(world)], default)),
        Command("GrantService.RevokeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<GrantService>().RevokeAsync(actor, await GrantAsync(world), "no longer needed", default)),
        Command("GrantService.GrantAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<GrantService>().GrantAsync(actor, new NewGrant(await PersonAsync(world), CostViewer, default, null, "for the test"), default)),
        Command("RoleService.CreateAsync", Here(SystemAdmin), (world, actor) => world.Get<RoleService>().CreateAsync(actor, Role(), default)) with { Elsewhere = true },
        Command("RoleService.UpdateAsync", Here(SystemAdmin), async (world, actor) => await world.Get<RoleService>().UpdateAsync(actor, await RoleAsync(world), default)),
        Command("RoleService.ArchiveAsync", Here(SystemAdmin), async (world, actor) => await world.Get<RoleService>().ArchiveAsync(actor, (await RoleAsync(world)).Name, default)),
        Command("ApprovalService.ApproveAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
            await world.Get<ApprovalService>().ApproveAsync(actor, await ProposalAsync(world), null, default)),
        Command("ApprovalService.RejectAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
            await world.Get<ApprovalService>().RejectAsync(actor, await ProposalAsync(world), "for the test", default)),
        Command("ApprovalService.WithdrawAsync", Nobody, async (world, actor) => await world.Get<ApprovalService>().WithdrawAsync(actor, await ProposalAsync(world), default)),
        Command("ApprovalService.WaiveAsync", Nobody, async (world, actor) => await world.Get<ApprovalService>().WaiveAsync(actor, await ProposalAsync(world), "for the test", default)),
        Command("SessionService.EndAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<SessionService>().EndAsync(actor, await SessionAsync(world), default)),
        Command("SessionService.EndAllAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<SessionService>().EndAllAsync(actor, await PersonAsync(world), exceptCurrent: false, default)),
        Command("TokenFamilyService.RevokeAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TokenFamilyService>().RevokeAsync(actor, (await TokensAsync(world)).FamilyId, default)),
        Command("TokenFamilyService.RevokeForPersonAsync", Here(SystemAdmin), async (world, actor) =>
            await world.Get<TokenFamilyService>().RevokeForPersonAsync(actor, await PersonAsync(world), TokenRevocation.Ended, default)),
        Command("BudgetService.SetAsync", Here(SystemAdmin, CostAdmin), async (world, actor) =>
            await world.Get<BudgetService>().SetAsync(actor, Budget(world, BudgetWindow.Week), default)),
        Command("BudgetService.RemoveAsync", Here(SystemAdmin, CostAdmin), async (world, actor) =>
            await world.Get<BudgetService>().RemoveAsync(
                actor, (await world.Get<BudgetService>().SetAsync(world.Tenant.Admin, Budget(world, BudgetWindow.Month), default)).Required().Id, default)),
        Command("BudgetService.ReleaseAsync", Here(SystemAdmin, CostAdmin), async (world, actor) =>
            await world.Get<BudgetService>().ReleaseAsync(
                actor, (await world.Get<BudgetService>().SetAsync(world.Tenant.Admin, Budget(world, BudgetWindow.Month), default)).Required().Id, default)),
        .. AuditCommands,
        .. IntegrationCommands,
        .. ContentCommands,
        .. ConnectionCommands,
        .. LimitCommands,
        .. ReviewCommands,
        .. PeopleCommands,
        .. AuditApiCommands,
        .. PriceCommands,
        .. DeadLetterCommands,
    ];

    public static IReadOnlyList<AccessLine> Readings { get; } =
    [
        .. AuditApiReadings,
        Reading("CostQueries.TotalAsync", Readers, async (world, actor) =>
            (await world.Get<CostQueries>().TotalAsync(actor, new CostFilter(Always) { ApplicationId = world.Tenant.Application.Id }, default)).Requests > 0),
        Reading("CostQueries.CostAsync", Readers, async (world, actor) =>
            (await world.Get<CostQueries>().CostAsync(actor, new CostFilter(Always), [CostDimension.Application], default))
                .Any(sum => sum.Key.ApplicationId == world.Tenant.Application.Id)),
        Reading("CostQueries.SumAsync", Readers, async (world, actor) =>
            (await world.Get<CostQueries>().SumAsync(actor, new CostFilter(Always), [CostDimension.Application], default))
                .Any(sum => sum.Key.ApplicationId == world.Tenant.Application.Id)),
        Reading("BudgetQueries.ListAsync", Here(SystemAdmin, CostViewer, CostAdmin, Auditor, ComplianceOfficer), async (world, actor) =>
        {
            var set = (await world.Get<BudgetService>().SetAsync(world.Tenant.Admin, Budget(world, BudgetWindow.Total), default)).Required();
            return (await world.Get<BudgetQueries>().ListAsync(actor, default)).Any(row => row.Budget.Id == set.Id);
        }),
        Reading("CostNames.LoadAsync", Readers, async (world, actor) =>
            (await world.Get<CostNames>().LoadAsync(actor, CostDimension.Application, default)).ContainsKey(world.Tenant.Application.Id)),
        Reading("RequestQueries.ListAsync", Readers, async (world, actor) =>
            (await world.Get<RequestQueries>().ListAsync(actor, new RequestFilter(Always), null, 500, default)).Items.Any(row => row.Call.Id == world.CallId)),
        Reading("RequestQueries.FindAsync", Readers, async (world, actor) =>
            await world.Get<RequestQueries>().FindAsync(actor, world.CallId, default) is not null),
        Reading("PriceService.ListAsync", [.. Readers, AccessWorld.OtherTeam], async (world, actor) =>
            (await world.Get<PriceService>().ListAsync(actor, default)).Any(price => price.OrganizationId == world.Tenant.Id)),
        Reading("KeyService.ListAsync", Readers, async (world, actor) =>
            (await world.Get<KeyService>().ListAsync(actor, default)).Any(key => key.Id == world.Tenant.Key.Id)),
        Reading("KeyService.FindAsync", Readers, async (world, actor) =>
            await world.Get<KeyService>().FindAsync(actor, world.Tenant.Key.Id, default) is not null),
        Reading("RequestSigningKeyService.ListAsync", Readers, async (world, actor) =>
        {
            var key = await KeyAsync(world);
            await world.Get<RequestSigningKeyService>().CreateAsync(world.Tenant.Admin, key.Id, default);
            return (await world.Get<RequestSigningKeyService>().ListAsync(actor, key.Id, default)).Count == 1;
        }),
        Reading("KeyOwners.ListAsync", Here(SystemAdmin, Auditor, ComplianceOfficer, TeamLead), async (world, actor) =>
        {
            var member = await MemberAsync(world);
            return (await world.Get<KeyOwners>().ListAsync(actor, default)).Any(owner => owner.Id == member);
        }),
        Reading("ServiceAccountService.FindAsync", Here(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer), async (world, actor) =>
            await world.Get<ServiceAccountService>().FindAsync(actor, (await world.Tenant.AddServiceAccountAsync(world.Server.Services)).Id, default) is not null),
        Reading("ServiceAccountService.ListAsync", Here(SystemAdmin, CostAdmin, Auditor, ComplianceOfficer), async (world, actor) =>
        {
            var account = await world.Tenant.AddServiceAccountAsync(world.Server.Services);
            return (await world.Get<ServiceAccountService>().ListAsync(actor, default)).Any(row => row.Id == account.Id);
        }),
        Reading("ApplicationService.ListAsync", Readers, async (world, actor) =>
            (await world.Get<ApplicationService>().ListAsync(actor, default)).Any(row => row.Id == world.Tenant.Application.Id)),
        Reading("ApplicationService.ListTeamsAsync", Here(SystemAdmin, CostAdmin, TeamLead), async (world, actor) =>
            (await world.Get<ApplicationService>().ListTeamsAsync(actor, default)).Any(team => team.Id == world.Tenant.Application.TeamId)),
        Reading("TokenFamilyService.ListAsync", Overseers, async (world, actor) =>
        {
            var tokens = await TokensAsync(world);
            await using var db = world.Get<GovernanceDatabase>().AcrossOrganizations();
            var person = await db.RefreshTokenFamilies.Where(family => family.Id == tokens.FamilyId).Select(family => family.PersonId).SingleAsync();
            return (await world.Get<TokenFamilyService>().ListAsync(actor, person, default)).Any(row => row.Id == tokens.FamilyId);
        }),
        Reading("RoleQueries.ListAsync", Overseers, async (world, actor) =>
        {
            var role = await RoleAsync(world);
            return (await world.Get<RoleQueries>().ListAsync(actor, default)).Any(row => row.Role.Name == role.Name);
        }),
        Reading("RoleQueries.FindAsync", Overseers, async (world, actor) =>
            await world.Get<RoleQueries>().FindAsync(actor, (await RoleAsync(world)).Name, default) is not null),
        Reading("GrantQueries.ListAsync", Overseers, async (world, actor) =>
            (await world.Get<GrantQueries>().ListAsync(actor, new GrantFilter(PersonId: await PersonAsync(world)), null, 10, default)).Items.Count > 0),
        Reading("GrantQueries.ChoicesAsync", Here(SystemAdmin), async (world, actor) =>
            (await world.Get<GrantQueries>().ChoicesAsync(actor, default)).Applications.Any(application => application.Id == world.Tenant.Application.Id)),
        Reading("GrantQueries.PeopleAsync", Here(SystemAdmin), async (world, actor) =>
        {
            var person = await PersonAsync(world);
            return (await world.Get<GrantQueries>().PeopleAsync(actor, "person-", default)).Any() && person != default && actor.OrganizationId == world.Tenant.Id;
        }),
        Reading("GrantService.ConflictsAsync", Here(SystemAdmin), async (world, actor) =>
            actor.OrganizationId == world.Tenant.Id
            && (await world.Get<GrantService>().ConflictsAsync(actor, world.ActorOf(CostAdmin).Id!.Value, Auditor, default)).Count > 0),
        Reading("EffectiveAccessQueries.FindAsync", Overseers, async (world, actor) =>
            await world.Get<EffectiveAccessQueries>().FindAsync(actor, await PersonAsync(world), default) is not null),
        Reading("ApprovalQueries.ListAsync", Overseers, async (world, actor) =>
        {
            var proposal = await ProposalAsync(world);
            return (await world.Get<ApprovalQueries>().ListAsync(actor, new ApprovalFilter(ApprovalView.All), null, 500, default)).Items.Any(row => row.Request.Id == proposal);
        }),
        Reading("ApprovalQueries.FindAsync", Overseers, async (world, actor) =>
            await world.Get<ApprovalQueries>().FindAsync(actor, await ProposalAsync(world), default) is not null),
        Reading("ApprovalQueries.CountAsync", Here(SystemAdmin, ComplianceOfficer), async (world, actor) =>
        {
            await ProposalAsync(world);
            return (await world.Get<ApprovalQueries>().CountAsync(actor, default)).ToDecide > 0;
        }),
        Reading("SessionQueries.ListAsync", Overseers, async (world, actor) =>
        {
            var session = await SessionAsync(world);
            return (await world.Get<SessionQueries>().ListAsync(actor, new SessionFilter(OpenOnly: false), null, 500, default)).Items.Any(row => row.Session.Id == session);
        }),
        .. AuditReadings,
        .. IntegrationReadings,
        .. ContentReadings,
        .. ConnectionReadings,
        .. LimitReadings,
        .. ReviewReadings,
        .. PeopleReadings,
        .. PriceReadings,
        .. DeadLetterReadings,
    ];

    /// <summary>Commands and readings that concern nobody but the actor, or that answer what the actor may do: they need no permission.</summary>
    public static IReadOnlyList<string> OfOneself { get; } =
    [
        "AccessControl.ReachAsync", "AccessControl.MayAsync", "AccessControl.CheckAsync", "AccessControl.OpenAsync",
        "SessionQueries.ListOwnAsync", "SessionService.CheckProofAsync", "SessionService.ProveAsync", "SessionService.EnrolledAsync",
        "CostNames.PeopleAsync", "RoleQueries.OwnAsync", "GrantService.WhyApprovalAsync", "AccessReviewItem.IsOwn",
        "PasskeyService.ListAsync", "PasskeyService.RemoveAsync", "SecondFactorService.PendingAuthenticatorAsync", "PasswordService.ChangeAsync", "ProfileService.FindAsync", "ProfileService.RenameAsync",
        "ProfileService.RequestDeletionAsync", "ProfileService.RequestEmailAsync",

        // The names of roles, for the choices of a filter.
        "PeopleQueries.RolesAsync", "SettingsService.RolesAsync",
    ];

    private static string Unique(string name) => $"{name}-{Guid.CreateVersion7():n}";

    private static NewBudget Budget(AccessWorld world, BudgetWindow window) => new(BudgetScope.Application, world.Tenant.Application.Id, window, Money.FromDollars(1), Hard: false);

    private static ImportedCall Imported(AccessWorld world) =>
        new(TimeProvider.System.GetUtcNow().AddMinutes(-1), world.Tenant.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 10));

    private static async Task<CreatedKey> KeyAsync(AccessWorld world) => (await world.Get<KeyService>()
        .CreateAsync(world.Tenant.Admin, new NewVirtualKey(world.Tenant.Application.Id, "Key", "production", "internal"), default)).Required();

    private static async Task<CreatedSigningKey> SigningKeyAsync(AccessWorld world) => (await world.Get<RequestSigningKeyService>()
        .CreateAsync(world.Tenant.Admin, (await KeyAsync(world)).Id, default)).Required();

    private static async Task<Guid> PersonAsync(AccessWorld world) =>
        (await world.Tenant.AddPersonAsync(world.Server.Services, Unique("person") + "@example.test", "a password of fifteen", Member)).Id;

    /// <summary>Somebody who belongs to the team Platform.</summary>
    private static async Task<Guid> MemberAsync(AccessWorld world)
    {
        var person = await PersonAsync(world);
        await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
        db.TeamMemberships.Add(new TeamMembership
        {
            Id = Guid.CreateVersion7(),
            OrganizationId = world.Tenant.Id,
            TeamId = world.Tenant.Application.TeamId,
            PersonId = person,
            From = new DateOnly(2026, 1, 1),
        });
        await db.SaveChangesAsync();
        return person;
    }

    private static async Task<Guid> GrantAsync(AccessWorld world)
    {
        var person = await PersonAsync(world);
        await using var db = world.Get<GovernanceDatabase>().ForOrganization(world.Tenant.Id);
        return await db.RoleGrants.Where(grant => grant.PersonId == person).Select(grant => grant.Id).SingleAsync();
    }

    private static RoleDraft Role() => new($"role_{Guid.CreateVersion7():n}", "Role", "", [Domain.Identity.Permissions.PricesRead], []);

    private static async Task<RoleDraft> RoleAsync(AccessWorld world)
    {
        var role = Role();
        (await world.Get<RoleService>().CreateAsync(world.Tenant.Admin, role, default)).Required();
        return role;
    }

    /// <summary>What an administrator who is not one of the world's proposes: that a member becomes an auditor.</summary>
    private static async Task<Guid> ProposalAsync(AccessWorld world)
    {
        var requester = await world.Tenant.AddPersonAsync(world.Server.Services, Unique("requester") + "@example.test", "a password of fifteen");
        var grant = new NewGrant(await PersonAsync(world), Auditor, default, null, "for the test");
        return (await world.Get<GrantService>().GrantAsync(world.Tenant.Acting(requester), grant, default)).Required().Approval!.Id;
    }

    private static async Task<IssuedTokens> TokensAsync(AccessWorld world)
    {
        var person = await world.Tenant.AddPersonAsync(world.Server.Services, Unique("person") + "@example.test", "a password of fifteen", Member);
        return await world.Get<AccessTokenService>().IssueAsync(person, new TokenClient(null, null), scope: null, default);
    }

    private static async Task<Guid> SessionAsync(AccessWorld world)
    {
        var person = await world.Tenant.AddPersonAsync(world.Server.Services, Unique("person") + "@example.test", "a password of fifteen", Member);
        return (await world.Get<SessionService>().StartAsync(person, SignInMethod.Password, mustEnrol: false, null, null, default)).Id;
    }
}
