using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Organizations;

public sealed class TeamServiceTests : ProductTest
{
    private TeamService Service => Get<TeamService>();

    private Guid Platform => Tenant.Application.TeamId;

    [Fact]
    public async Task TreeAsync_Teams_StandRightBelowTheirParents()
    {
        var tools = await CreateAsync("Tools", Platform);
        await CreateAsync("Compilers", tools);
        await CreateAsync("Legal");
        Assert.Equal([("Legal", 0), ("Platform", 0), ("Tools", 1), ("Compilers", 2)],
            (await Get<TeamQueries>().TreeAsync(Tenant.Admin, false, default)).Select(team => (team.Name, team.Depth)));
        Assert.Equal(["Platform", "Tools"],
            (await Get<TeamQueries>().FindAsync(Tenant.Admin, (await TreeRowAsync("Compilers")).Id, default))!.Above.Select(team => team.Name));

        var lead = await PersonAsync(Roles.TeamLead, AccessScope.Team(tools));
        Assert.Equal([("Tools", 0), ("Compilers", 1)],
            (await Get<TeamQueries>().TreeAsync(lead, false, default)).Select(team => (team.Name, team.Depth)));
        Assert.Null(await Get<TeamQueries>().FindAsync(lead, Platform, default));
    }

    [Fact]
    public async Task MoveAsync_BelowItselfOrOneBelow_IsRefused()
    {
        var tools = await CreateAsync("Tools", Platform);
        var compilers = await CreateAsync("Compilers", tools);
        foreach (var wrong in new[] { tools, compilers }) Assert.Equal("ParentId", (await Service.MoveAsync(Tenant.Admin, tools, wrong, default)).Refusal?.Field);
        Assert.Equal("ParentId", (await Service.MoveAsync(Tenant.Admin, tools, Guid.CreateVersion7(Clock.GetUtcNow()), default)).Refusal?.Field);

        var lead = await PersonAsync(Roles.TeamLead, AccessScope.Team(Platform));
        Assert.True((await Get<AccessControl>().ReachAsync(lead, Permissions.TeamsRead, default)).Covers(AccessScope.Team(compilers)));
        (await Service.MoveAsync(Tenant.Admin, tools, null, default)).Required();
        Assert.False((await Get<AccessControl>().ReachAsync(lead, Permissions.TeamsRead, default)).Covers(AccessScope.Team(compilers)));
    }

    [Fact]
    public async Task MoveAsync_TwoBelowOneAnotherAtOnce_CloseNoCircle()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            var (one, two) = (await CreateAsync($"One {round}"), await CreateAsync($"Two {round}"));
            await Task.WhenAll(
                Task.Run(() => Service.MoveAsync(Tenant.Admin, one, two, default)), Task.Run(() => Service.MoveAsync(Tenant.Admin, two, one, default)));
            Assert.Contains(await RowsAsync<Team>(), team => (team.Id == one || team.Id == two) && team.ParentId is null);
        }
    }

    [Fact]
    public async Task ArchiveAsync_TeamThatOwnsSomething_IsRefused()
    {
        var tools = await CreateAsync("Tools", Platform);
        Assert.Contains("teams below", (await Service.ArchiveAsync(Tenant.Admin, Platform, default)).Refusal?.Message, StringComparison.Ordinal);
        (await Service.ArchiveAsync(Tenant.Admin, tools, default)).Required();
        Assert.Contains("applications", (await Service.ArchiveAsync(Tenant.Admin, Platform, default)).Refusal?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await Get<TeamQueries>().TreeAsync(Tenant.Admin, false, default), team => team.Id == tools);
        Assert.Equal("Name", (await Service.CreateAsync(Tenant.Admin, "Tools", null, default)).Refusal?.Field);
        Assert.Equal("ParentId", (await Service.CreateAsync(Tenant.Admin, "More", tools, default)).Refusal?.Field);
    }

    [Fact]
    public async Task ArchiveAsync_TeamWithALead_EndsMembershipAndRole()
    {
        var tools = await CreateAsync("Tools");
        var person = await Tenant.AddPersonAsync(Process.Services, "ann@example.org", "correct horse battery", Roles.CostViewer);
        (await Get<TeamMembershipService>().AddAsync(Tenant.Admin, new NewMembership(tools, person.Id, new DateOnly(2026, 11, 1), IsLead: true), default)).Required();
        (await Service.ArchiveAsync(Tenant.Admin, tools, default)).Required();
        Assert.Equal(new DateOnly(2026, 11, 2), Assert.Single(await RowsAsync<TeamMembership>()).To);
        Assert.Equal([Roles.CostViewer], (await Get<AccessDirectory>().FindAsync(person.Id, default))!.Roles);
    }

    [Fact]
    public async Task Changes_ByWhoMayNotOrOfAnotherOrganization_AreRefused()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        var lead = await PersonAsync(Roles.TeamLead, AccessScope.Team(Platform));
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(lead, "Tools", null, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.RenameAsync(lead, Platform, "Tools", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.RenameAsync(other.Admin, Platform, "Tools", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.ArchiveAsync(other.Admin, Platform, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.MoveAsync(other.Admin, Platform, null, default)).Refusal?.Kind);
        Assert.Equal("Name", (await Service.RenameAsync(Tenant.Admin, Platform, " ", default)).Refusal?.Field);
        (await Service.RenameAsync(Tenant.Admin, Platform, "Foundations", default)).Required();
    }

    private async Task<TeamRow> TreeRowAsync(string name) =>
        (await Get<TeamQueries>().TreeAsync(Tenant.Admin, true, default)).Single(team => team.Name == name);

    private async Task<Guid> CreateAsync(string name, Guid? parent = null) => (await Service.CreateAsync(Tenant.Admin, name, parent, default)).Required();

    private async Task<Actor> PersonAsync(string role, AccessScope scope) =>
        Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, $"{role}@example.org", "correct horse battery", role, scope));
}
