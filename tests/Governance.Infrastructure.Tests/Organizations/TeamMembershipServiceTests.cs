using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Organizations;

public sealed class TeamMembershipServiceTests : ProductTest
{
    private const string Password = "correct horse battery";
    private static readonly DateOnly Today = new(2026, 11, 2);

    private TeamMembershipService Service => Get<TeamMembershipService>();

    private Guid Team => Tenant.Application.TeamId;

    [Fact]
    public async Task SetLeadAsync_Member_GetsAndLosesTheRoleWithIt()
    {
        var person = await PersonAsync("ann");
        var id = (await Service.AddAsync(Tenant.Admin, new NewMembership(Team, person.Id, Today), default)).Required();
        Assert.False(await LeadsAsync(person));
        (await Service.SetLeadAsync(Tenant.Admin, id, true, default)).Required();
        Assert.True(await LeadsAsync(person));
        (await Service.SetLeadAsync(Tenant.Admin, id, false, default)).Required();
        Assert.False(await LeadsAsync(person));
        Assert.NotNull((await RowsAsync<RoleGrant>()).Single(grant => grant.Role == Roles.TeamLead).RevokedAt);
    }

    [Fact]
    public async Task EndAsync_Lead_KeepsTheRoleUntilTheEndOfTheLastDay()
    {
        var person = await PersonAsync("ann");
        var id = (await Service.AddAsync(Tenant.Admin, new NewMembership(Team, person.Id, Today.AddDays(-9), IsLead: true), default)).Required();
        (await Service.EndAsync(Tenant.Admin, id, Today, default)).Required();
        Assert.True(await LeadsAsync(person));

        // Midnight in Berlin, of 2 November.
        Clock.Advance(TimeSpan.FromHours(14) - TimeSpan.FromSeconds(1));
        Assert.True(await LeadsAsync(person));
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await LeadsAsync(person));
        Assert.Equal(RefusalKind.Conflict, (await Service.EndAsync(Tenant.Admin, id, Today.AddDays(3), default)).Refusal?.Kind);
    }

    [Fact]
    public async Task AddAsync_WrongDates_AreRefused()
    {
        var person = await PersonAsync("ann");
        var request = new NewMembership(Team, person.Id, Today);
        await RefusedAsync(request with { To = Today.AddDays(-1) }, "To");
        await RefusedAsync(request with { From = new DateOnly(26, 11, 2) }, "From");
        await RefusedAsync(request with { To = new DateOnly(9999, 12, 31) }, "To");
        await RefusedAsync(request with { From = Today.AddDays(1), IsLead = true }, "IsLead");
        await RefusedAsync(request with { TeamId = person.Id }, "TeamId");
        await RefusedAsync(request with { PersonId = Team }, "PersonId");
        (await Service.AddAsync(Tenant.Admin, request with { To = Today.AddDays(10) }, default)).Required();
        await RefusedAsync(request with { From = Today.AddDays(10) }, "PersonId");
        (await Service.AddAsync(Tenant.Admin, request with { From = Today.AddDays(11) }, default)).Required();
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, person.Id, default)).Required();
        await RefusedAsync(request with { From = Today.AddDays(-20), To = Today.AddDays(-10) }, "PersonId");
    }

    [Fact]
    public async Task AddAsync_LeadWhoAudits_IsRefused()
    {
        var auditor = await PersonAsync("audit", Roles.Auditor);
        var request = new NewMembership(Team, auditor.Id, Today, IsLead: true);
        Assert.Contains("auditor", (await Service.AddAsync(Tenant.Admin, request, default)).Refusal?.Message, StringComparison.Ordinal);
        Assert.Empty(await RowsAsync<TeamMembership>());
    }

    [Fact]
    public async Task AddAsync_LeadWhereTheRoleNeedsApproval_IsRefusedToPeople()
    {
        var admin = Tenant.Acting(await PersonAsync("admin", Roles.SystemAdmin));
        var settings = (await Get<SettingsService>().FindAsync(Tenant.Admin, default))!;
        (await Get<SettingsService>().ChangeAsync(Tenant.Admin, settings with { ApprovalRoles = [Roles.TeamLead] }, default)).Required();
        var request = new NewMembership(Team, (await PersonAsync("ann")).Id, Today, IsLead: true);
        Assert.Contains("approval", (await Service.AddAsync(admin, request, default)).Refusal?.Message, StringComparison.Ordinal);
        (await Service.AddAsync(admin, request with { IsLead = false }, default)).Required();
    }

    [Fact]
    public async Task Changes_ByWhoMayNotOrOfAnotherOrganization_AreRefused()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        var person = await PersonAsync("ann");
        var id = (await Service.AddAsync(Tenant.Admin, new NewMembership(Team, person.Id, Today), default)).Required();
        Assert.Equal(RefusalKind.Forbidden, (await Service.SetLeadAsync(Tenant.Acting(person), id, true, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.SetLeadAsync(other.Admin, id, true, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.EndAsync(other.Admin, id, Today, default)).Refusal?.Kind);
        Assert.Equal("TeamId", (await Service.AddAsync(other.Admin, new NewMembership(Team, person.Id, Today), default)).Refusal?.Field);
    }

    private async Task RefusedAsync(NewMembership request, string field) =>
        Assert.Equal(field, (await Service.AddAsync(Tenant.Admin, request, default)).Refusal?.Field);

    private async Task<bool> LeadsAsync(Person person) =>
        (await Get<AccessControl>().ReachAsync(Tenant.Acting(person), Permissions.KeysWrite, default)).Covers(AccessScope.Team(Team));

    private Task<Person> PersonAsync(string name, string role = Roles.CostViewer) =>
        Tenant.AddPersonAsync(Process.Services, $"{name}@example.org", Password, role);
}
