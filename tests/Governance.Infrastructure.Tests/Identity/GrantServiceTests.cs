using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Tests.Approvals;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity;

public sealed class GrantServiceTests : ApprovalTest
{
    private GrantService Service => Get<GrantService>();

    private NewGrant Viewer => new(Bob.Id, Roles.CostAdmin, default, null, "Keeps the prices");

    [Fact]
    public async Task GrantAsync_RoleThatNeedsNoApproval_CountsAtOnce()
    {
        await PeopleAsync();
        var outcome = (await Service.GrantAsync(Ada, Viewer, default)).Required();
        Assert.Equal((Ada.Id, null), (outcome.Grant!.GrantedBy, outcome.Approval));
        Assert.True(await Get<AccessControl>().MayAsync(Tenant.Acting(Bob), Permissions.PricesWrite, default));
        Assert.Equal(["grant.created"], await AuditAsync("grant."));
    }

    [Fact]
    public async Task GrantAsync_BrokenRequest_IsRefused()
    {
        await PeopleAsync();
        var (team, now) = (AccessScope.Team(Tenant.Application.TeamId), Clock.GetUtcNow());
        (NewGrant Grant, RefusalKind Kind)[] bad =
        [
            (Viewer with { Role = "king" }, RefusalKind.NotFound),
            (Viewer with { PersonId = Tenant.Id }, RefusalKind.NotFound),
            (Viewer with { Scope = AccessScope.Team(Tenant.Id) }, RefusalKind.NotFound),
            (Viewer with { Scope = AccessScope.Application(Tenant.Id) }, RefusalKind.NotFound),
            (Viewer with { Scope = team }, RefusalKind.Invalid), // imports and prices know no teams
            (Viewer with { Role = Roles.Auditor, Scope = team }, RefusalKind.Invalid),
            (Viewer with { ExpiresAt = now }, RefusalKind.Invalid),
            (Viewer with { Reason = " " }, RefusalKind.Invalid),
            (Viewer with { Role = Roles.CostViewer }, RefusalKind.Conflict), // held already
        ];
        foreach (var (grant, kind) in bad) Assert.Equal(kind, (await Service.GrantAsync(Ada, grant, default)).Refusal?.Kind);
        var refusal = (await Service.GrantAsync(Ada, Viewer with { Scope = team }, default)).Refusal!;
        Assert.Contains(Permissions.UsageImport, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await AuditAsync("grant."));
        Assert.Empty(await AuditAsync("approval."));
    }

    [Theory]
    [InlineData(Roles.Member)]
    [InlineData(Roles.TeamLead)]
    public async Task GrantAsync_TeamRole_CanBeHeldForATeamAndAnApplication(string role)
    {
        await PeopleAsync();
        (await Service.GrantAsync(Ada, Viewer with { Role = role, Scope = AccessScope.Team(Tenant.Application.TeamId) }, default)).Required();
        (await Service.GrantAsync(Ada, Viewer with { Role = role, Scope = AccessScope.Application(Tenant.Application.Id) }, default)).Required();
    }

    [Fact]
    public async Task GrantAsync_OneselfOrWithoutPermission_IsRefused()
    {
        await PeopleAsync();
        Assert.Equal(RefusalKind.Forbidden, (await Service.GrantAsync(Ada, Viewer with { PersonId = Ada.Id!.Value }, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.GrantAsync(Tenant.Acting(Bob), Viewer, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.GrantAsync(Tenant.Viewer, Viewer, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task GrantAsync_ExpiredOrRevokedGrant_CanBeGrantedAgain()
    {
        await PeopleAsync();
        (await Service.GrantAsync(Ada, Viewer with { ExpiresAt = Clock.GetUtcNow().AddHours(1) }, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.GrantAsync(Ada, Viewer, default)).Refusal?.Kind);
        Clock.Advance(TimeSpan.FromHours(1));
        var grant = (await Service.GrantAsync(Ada, Viewer, default)).Required().Grant!;
        (await Service.RevokeAsync(Ada, grant.Id, null, default)).Required();
        (await Service.GrantAsync(Ada, Viewer, default)).Required();
        var rows = (await Get<GrantQueries>().ListAsync(Ada, new GrantFilter(PersonId: Bob.Id, Role: Roles.CostAdmin, ActiveOnly: false), null, 10, default)).Items;
        Assert.Equal(
            new[] { GrantState.Active, GrantState.Expired, GrantState.Revoked }.Order(), rows.Select(row => row.State).Order());
    }

    [Fact]
    public async Task GrantAsync_ConflictOfDuties_IsForbiddenOrMustBeAccepted()
    {
        await PeopleAsync();
        (await Service.GrantAsync(Ada, Viewer, default)).Required();
        Assert.True(Assert.Single(await Service.ConflictsAsync(Ada, Bob.Id, Roles.Auditor, default)).Forbidden);
        Assert.Equal(RefusalKind.Conflict, (await Service.GrantAsync(Ada, Auditor() with { AcknowledgedConflicts = true }, default)).Refusal?.Kind);

        var chiara = new NewGrant(Chiara.Id!.Value, Roles.ComplianceOfficer, default, null, "Covers for Dana");
        Assert.All(await Service.ConflictsAsync(Ada, chiara.PersonId, chiara.Role, default), conflict => Assert.False(conflict.Forbidden));
        Assert.Equal(RefusalKind.Conflict, (await Service.GrantAsync(Tenant.Admin, chiara, default)).Refusal?.Kind);
        (await Service.GrantAsync(Tenant.Admin, chiara with { AcknowledgedConflicts = true }, default)).Required();
        Assert.Single(await EventsAsync(), row => row.Details?.Contains("\"acceptedConflicts\":[", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task GrantAsync_RoleBeyondTheGrantersOwn_NeedsApprovalEvenIfTheRoleDoesNot()
    {
        await PeopleAsync();
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            var settings = await db.OrganizationSettings.SingleAsync();
            settings.ApprovalRoles = [];
            await db.SaveChangesAsync();
        }

        Clock.Advance(TimeSpan.FromSeconds(3));
        var officer = (await Service.GrantAsync(Ada, Viewer with { Role = Roles.ComplianceOfficer }, default)).Required();
        Assert.NotNull(officer.Approval);
        Assert.Contains(Permissions.AccessReviewsWrite, await Service.WhyApprovalAsync(Ada, Roles.ComplianceOfficer, default), StringComparison.Ordinal);
        Assert.NotNull((await Service.GrantAsync(Ada, Viewer with { Role = Roles.CostAdmin }, default)).Required().Grant);
    }

    [Fact]
    public async Task RevokeAsync_LastAdministrator_IsRefused()
    {
        await PeopleAsync();
        var grants = await QueryAsync(db => db.RoleGrants.Where(grant => grant.Role == Roles.SystemAdmin).ToListAsync());
        (await Service.RevokeAsync(Ada, grants.Single(grant => grant.PersonId == Chiara.Id).Id, "Left the team", default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.RevokeAsync(Tenant.Admin, grants.Single(grant => grant.PersonId == Ada.Id).Id, null, default)).Refusal?.Kind);
        Assert.False(await Get<AccessControl>().MayAsync(Chiara, Permissions.PeopleRead, default));
    }

    [Fact]
    public async Task RevokeAsync_SeveralInOneTransaction_StillLeavesOneAdministrator()
    {
        await PeopleAsync();
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var grants = await db.RoleGrants.Where(grant => grant.Role == Roles.SystemAdmin).Select(grant => grant.Id).ToListAsync();
        var results = new List<Result>();
        foreach (var grant in grants) results.Add(await Service.RevokeAsync(db, Tenant.Admin, grant, null, default));
        Assert.Single(results, result => result.Succeeded);
    }

    [Fact]
    public async Task FindAsync_EffectiveAccess_ExplainsEachPermission()
    {
        await PeopleAsync();
        (await Service.GrantAsync(Ada, Viewer with { Role = Roles.TeamLead, Scope = AccessScope.Team(Tenant.Application.TeamId) }, default)).Required();
        var access = (await Get<EffectiveAccessQueries>().FindAsync(Tenant.Acting(Bob), Bob.Id, default))!;
        var costs = access.Permissions.Single(permission => permission.Permission.Name == Permissions.CostsRead);
        Assert.Equal(["Whole organisation", "Team Platform and below"], costs.Reasons.Select(reason => reason.Grant.ScopeName));
        Assert.Equal(["Team lead", "Member"], costs.Reasons[1].Chain);
        Assert.Equal("ada", costs.Reasons[1].Grant.GrantedBy);
        Assert.Null(await Get<EffectiveAccessQueries>().FindAsync(Tenant.Acting(Bob), Ada.Id!.Value, default));
        Assert.NotNull(await Get<EffectiveAccessQueries>().FindAsync(Ada, Bob.Id, default));
        Assert.Null(await Get<EffectiveAccessQueries>().FindAsync((await Tenant.CreateAsync(Process.Services)).Admin, Bob.Id, default));

        // It says the same as what decides.
        foreach (var permission in Permissions.All)
        {
            Assert.Equal(
                await Get<AccessControl>().MayAsync(Tenant.Acting(Bob), permission.Name, default),
                access.Permissions.Any(held => held.Permission.Name == permission.Name));
        }
    }
}
