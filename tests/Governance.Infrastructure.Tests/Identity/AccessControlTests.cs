using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity;

/// <summary>A team Sales with a team EMEA below it, and a team Legal beside them, each with an application that spent something.</summary>
public sealed class AccessControlTests : ProductTest
{
    private static readonly TimeRange Always = new(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task ReachAsync_TeamLead_CoversTheTeamAndThoseBelowOnly()
    {
        var (sales, emea, legal) = await TeamsAsync();
        var lead = await PersonAsync(Roles.TeamLead, AccessScope.Team(sales.TeamId));
        var reach = await Get<AccessControl>().ReachAsync(lead, Permissions.KeysWrite, default);
        Assert.Equal(new[] { sales.TeamId, emea.TeamId }.Order(), reach.Teams.Order());
        Assert.Equal(new[] { sales.Id, emea.Id }.Order(), reach.Applications.Order());
        Assert.False(reach.Covers(AccessScope.Team(legal.TeamId)) || reach.Covers(AccessScope.Organization));
        Assert.True((await Get<AccessControl>().ReachAsync(lead, Permissions.PeopleWrite, default)).IsNone);
    }

    [Fact]
    public async Task Readings_OfATeamLead_HoldNothingOfOtherTeams()
    {
        var (sales, emea, legal) = await TeamsAsync();
        var lead = await PersonAsync(Roles.TeamLead, AccessScope.Team(sales.TeamId));
        Assert.Equal(2, (await Get<CostQueries>().TotalAsync(lead, new CostFilter(Always), default)).Requests);
        Assert.Equal(CostSum.Zero, await Get<CostQueries>().TotalAsync(lead, new CostFilter(Always) { TeamId = legal.TeamId }, default));
        var calls = (await Get<RequestQueries>().ListAsync(lead, new RequestFilter(Always), null, 10, default)).Items;
        Assert.Equal(new[] { sales.Id, emea.Id }.Order(), calls.Select(row => row.Call.ApplicationId!.Value).Order());
        var all = (await Get<RequestQueries>().ListAsync(Tenant.Admin, new RequestFilter(Always), null, 10, default)).Items;
        Assert.Null(await Get<RequestQueries>().FindAsync(lead, all.Single(row => row.Call.ApplicationId == legal.Id).Call.Id, default));
        Assert.Equal(2, (await Get<KeyService>().ListAsync(lead, default)).Count);
        Assert.Equal(2, (await Get<ApplicationService>().ListAsync(lead, default)).Count);
        Assert.Equal(4, (await Get<KeyService>().ListAsync(Tenant.Admin, default)).Count);
    }

    [Fact]
    public async Task Readings_OfAnApplicationsViewer_HoldThatApplicationOnly()
    {
        var (sales, _, _) = await TeamsAsync();
        var viewer = await PersonAsync(Roles.Member, AccessScope.Application(sales.Id));
        Assert.Equal(sales.Id, Assert.Single(await Get<CostQueries>().SumAsync(viewer, new CostFilter(Always), [CostDimension.Application], default)).Key.ApplicationId);
        Assert.Equal(sales.Id, Assert.Single(await Get<KeyService>().ListAsync(viewer, default)).ApplicationId);
    }

    [Fact]
    public async Task FindAsync_GrantThatExpiredOrWasRevoked_CountsNoMore()
    {
        var person = await Tenant.AddPersonAsync(Process.Services, "viewer@example.org", "correct horse battery", Roles.CostViewer);
        var actor = Tenant.Acting(person);
        Assert.True(await Get<AccessControl>().MayAsync(actor, Permissions.CostsRead, default));
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            var now = Clock.GetUtcNow();
            await db.RoleGrants.ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now));
        }

        Clock.Advance(AccessDirectory.Freshness);
        Assert.False(await Get<AccessControl>().MayAsync(actor, Permissions.CostsRead, default));
    }

    [Fact]
    public async Task ReachAsync_PersonOfAnotherOrganization_IsNothing()
    {
        var other = await Tenant.CreateAsync(Process.Services);
        var theirs = await other.AddPersonAsync(Process.Services, "admin@example.org", "correct horse battery");
        Assert.True((await Get<AccessControl>().ReachAsync(Tenant.Acting(theirs), Permissions.CostsRead, default)).IsNone);
    }

    private async Task<Actor> PersonAsync(string role, AccessScope scope) =>
        Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, $"{role}@example.org", "correct horse battery", role, scope));

    private async Task<(ApplicationRow Sales, ApplicationRow Emea, ApplicationRow Legal)> TeamsAsync()
    {
        var (sales, salesKey) = await Tenant.AddApplicationAsync(Process.Services, "Offers", "Sales");
        var (emea, emeaKey) = await Tenant.AddApplicationAsync(Process.Services, "Regional offers", "EMEA");
        var (legal, legalKey) = await Tenant.AddApplicationAsync(Process.Services, "Contracts", "Legal");
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
            await db.Teams.Where(team => team.Id == emea.TeamId).ExecuteUpdateAsync(set => set.SetProperty(team => team.ParentId, sales.TeamId));
        Get<AccessDirectory>().Forget();
        var calls = new[] { salesKey, emeaKey, legalKey }
            .Select(key => new ImportedCall(FakeTime.DefaultStart, key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 1000)));
        (await Get<UsageImport>().ImportAsync(Tenant.Admin, [.. calls], default)).Required();
        return (sales, emea, legal);
    }
}
