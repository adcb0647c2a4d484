using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.People;

/// <summary>Team Platform with team Tools below it, team Legal beside; somebody in each, and somebody invited to each.</summary>
public sealed class PeopleQueriesTests : ProductTest
{
    private const string Password = "correct horse battery";
    private static readonly PeopleOrder ByName = new(PeopleColumn.Name);
    private Guid _tools;
    private Guid _legal;

    private Guid Platform => Tenant.Application.TeamId;

    [Fact]
    public async Task ListAsync_TeamLead_SeesTheTeamAndThoseBelowOnly()
    {
        var lead = await FillAsync();
        Assert.Equal(["ann.platform", "bea.tools", "Iris (Platform)", "Iris (Tools)"], await NamesAsync(new PeopleFilter(), Tenant.Acting(lead)));
        var stranger = (await PageAsync(new PeopleFilter("cid"), Tenant.Admin)).Rows.Single();
        Assert.Null(await Get<PeopleQueries>().FindAsync(Tenant.Acting(lead), stranger.Id, default));
        Assert.NotNull(await Get<PeopleQueries>().FindAsync(Tenant.Admin, stranger.Id, default));
        Assert.Empty((await PageAsync(new PeopleFilter(), Tenant.Viewer)).Rows);
    }

    [Fact]
    public async Task ListAsync_EachFilter_LeavesWhoMatches()
    {
        await FillAsync();
        var disabled = (await PageAsync(new PeopleFilter("dan"), Tenant.Admin)).Rows.Single();
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, disabled.Id, default)).Required();
        Assert.Equal(["dan.legal"], await NamesAsync(new PeopleFilter(State: PersonState.Disabled)));
        Assert.Equal(["ann.platform", "bea.tools", "cid.legal"], await NamesAsync(new PeopleFilter(State: PersonState.Active)));
        Assert.Equal(["Iris (Legal)", "Iris (Platform)", "Iris (Tools)"], await NamesAsync(new PeopleFilter(State: PersonState.Invited)));
        Assert.Equal(["bea.tools", "Iris (Tools)"], await NamesAsync(new PeopleFilter(TeamId: _tools)));
        Assert.Equal(["ann.platform"], await NamesAsync(new PeopleFilter(Role: Roles.TeamLead)));
        Assert.Equal(["bea.tools"], await NamesAsync(new PeopleFilter("BEA.TOOLS@Example")));
        Assert.Equal(["ann.platform"], await NamesAsync(new PeopleFilter("platform", PersonState.Active, Platform, Roles.TeamLead)));
        Assert.Empty(await NamesAsync(new PeopleFilter("%")));
    }

    [Theory]
    [InlineData("jörg", "Jörg")]
    [InlineData("JÖRG", "Jörg")]
    [InlineData("Jörg", "JÖRG")]
    public async Task ListAsync_LettersBeyondAToZ_MatchInEitherCase(string search, string name)
    {
        var person = await Tenant.AddPersonAsync(Process.Services, "j@example.org", Password, Roles.Member);
        (await Get<PersonLifecycleService>().RenameAsync(Tenant.Admin, person.Id, name, default)).Required();
        Assert.Equal([name], await NamesAsync(new PeopleFilter(search)));
    }

    [Fact]
    public async Task ListAsync_PageByPageInEveryOrder_YieldsEachOnce()
    {
        await FillAsync();
        foreach (var column in Enum.GetValues<PeopleColumn>())
        {
            foreach (var descending in new[] { false, true })
            {
                var seen = new List<Guid>();
                for (var number = 1; number <= 4; number++)
                {
                    var page = await Get<PeopleQueries>().ListAsync(Tenant.Admin, new PeopleFilter(), new PeopleOrder(column, descending), number, 2, default);
                    Assert.Equal((7, 4, number), (page.Total, page.Pages, page.Number));
                    seen.AddRange(page.Rows.Select(row => row.Id));
                }

                Assert.Equal(7, seen.Distinct().Count());
            }
        }

        Assert.Equal(4, (await Get<PeopleQueries>().ListAsync(Tenant.Admin, new PeopleFilter(), ByName, 99, 2, default)).Number);
    }

    [Fact]
    public async Task ListAsync_RowsOfPeopleAndInvitations_SayRolesTeamsAndState()
    {
        await FillAsync();
        var rows = (await PageAsync(new PeopleFilter(TeamId: Platform), Tenant.Admin)).Rows;
        var ann = rows.Single(row => row.State == PersonState.Active);
        Assert.Equal(("Team lead", "Platform"), (Assert.Single(ann.Roles).DisplayName, ann.Roles[0].ScopeName));
        Assert.Equal(new TeamName(Platform, "Platform", true), Assert.Single(ann.Teams));
        var invited = rows.Single(row => row.State == PersonState.Invited);
        Assert.Equal((Clock.GetUtcNow().AddDays(7), "Member"), (invited.ExpiresAt, Assert.Single(invited.Roles).DisplayName));
        var detail = (await Get<PeopleQueries>().FindAsync(Tenant.Admin, ann.Id, default))!;
        Assert.True(Assert.Single(detail.Memberships).IsCurrent);
    }

    [Fact]
    public async Task ListAsync_MembershipThatIsOver_CountsNoMore()
    {
        var lead = await FillAsync();
        var bea = (await Get<TeamQueries>().FindAsync(Tenant.Admin, _tools, default))!.Members.Single();
        (await Get<TeamMembershipService>().EndAsync(Tenant.Admin, bea.MembershipId, new DateOnly(2026, 11, 2), default)).Required();
        Assert.Contains("bea.tools", await NamesAsync(new PeopleFilter(), Tenant.Acting(lead)));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.DoesNotContain("bea.tools", await NamesAsync(new PeopleFilter(), Tenant.Acting(lead)));
    }

    private async Task<Person> FillAsync()
    {
        _tools = (await Get<TeamService>().CreateAsync(Tenant.Admin, "Tools", Platform, default)).Required();
        _legal = (await Get<TeamService>().CreateAsync(Tenant.Admin, "Legal", null, default)).Required();
        var lead = await MemberAsync("ann.platform", Platform, isLead: true);
        await MemberAsync("bea.tools", _tools);
        await MemberAsync("cid.legal", _legal);
        await MemberAsync("dan.legal", _legal);
        foreach (var (name, team) in new[] { ("Platform", Platform), ("Tools", _tools), ("Legal", _legal) })
        {
            var request = new NewInvitation($"Iris ({name})", $"iris.{name}@example.org", Roles.Member, AccessScope.Team(team), team);
            (await Get<InvitationService>().InviteAsync(Tenant.Admin, request, default)).Required();
        }

        return lead;
    }

    private async Task<Person> MemberAsync(string name, Guid team, bool isLead = false)
    {
        var person = await Tenant.AddPersonAsync(Process.Services, $"{name}@example.org", Password, Roles.Member, AccessScope.Team(isLead ? team : _legal));
        var membership = new NewMembership(team, person.Id, new DateOnly(2026, 11, 1), null, isLead);
        (await Get<TeamMembershipService>().AddAsync(Tenant.Admin, membership, default)).Required();
        if (isLead)
        {
            var own = (await RowsAsync<Infrastructure.Identity.Access.RoleGrant>()).Single(grant => grant.PersonId == person.Id && grant.Role == Roles.Member);
            (await Get<Infrastructure.Identity.Access.GrantService>().RevokeAsync(Tenant.Admin, own.Id, null, default)).Required();
        }

        return person;
    }

    private Task<PeopleList> PageAsync(PeopleFilter filter, Actor actor) => Get<PeopleQueries>().ListAsync(actor, filter, ByName, 1, 100, default);

    private async Task<IEnumerable<string>> NamesAsync(PeopleFilter filter, Actor? actor = null) =>
        (await PageAsync(filter, actor ?? Tenant.Admin)).Rows.Select(row => row.Name);
}
