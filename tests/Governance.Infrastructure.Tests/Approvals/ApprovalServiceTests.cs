using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Jobs;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Tests.Approvals;

public sealed class ApprovalServiceTests : ApprovalTest
{
    [Fact]
    public async Task ApproveAsync_ByAnotherPerson_TakesEffectAtOnceAndIsRecorded()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        Assert.False(await Get<AccessControl>().MayAsync(Tenant.Acting(Bob), Permissions.ApprovalsRead, default));
        (await Approvals.ApproveAsync(Chiara, request.Id, "Agreed with the board", default)).Required();

        Assert.True(await Get<AccessControl>().MayAsync(Tenant.Acting(Bob), Permissions.ApprovalsRead, default));
        var row = await RowAsync(request.Id);
        Assert.Equal((ApprovalState.Applied, Chiara.Id, "Agreed with the board", false), (row.State, row.DecidedBy, row.Comment, row.IsWaived));
        var grant = await QueryAsync(db => db.RoleGrants.SingleAsync(grant => grant.Role == Roles.Auditor));
        Assert.Equal((Ada.Id, request.Id, Bob.Id), (grant.GrantedBy, grant.ApprovalId!.Value, grant.PersonId));
        Assert.Equal(["approval.approved", "approval.proposed"], await AuditAsync("approval."));
    }

    [Fact]
    public async Task ApproveAsync_ByTheRequester_IsRefusedWhateverTheyActWith()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        Actor[] guises = [Ada, Ada with { SessionId = Guid.CreateVersion7(Clock.GetUtcNow()) }, Ada with { Scopes = [Permissions.GrantsApprove] }];
        foreach (var guise in guises) await RefusedAsync(guise, request.Id);
        await RefusedAsync(Ada with { Kind = ActorKind.ServiceAccount, Scopes = [Permissions.GrantsApprove] }, request.Id);
        await RefusedAsync(Tenant.Admin, request.Id);
        Assert.Equal(ApprovalState.Pending, (await RowAsync(request.Id)).State);
    }

    [Fact]
    public async Task ApproveAsync_ByWhoGainsOrHoldsNothing_IsRefused()
    {
        await PeopleAsync();
        var viewer = await PersonAsync("viewer", Roles.CostAdmin);
        var request = await ProposeAsync(new NewGrant(Chiara.Id!.Value, Roles.ComplianceOfficer, default, null, "Covers for Dana", AcknowledgedConflicts: true));
        await RefusedAsync(Chiara, request.Id);
        await RefusedAsync(viewer, request.Id);
        await RefusedAsync(Chiara with { Id = (await Tenant.CreateAsync(Process.Services)).Id }, request.Id);
        Assert.Equal(0, await AuditorGrantsAsync());
    }

    [Fact]
    public async Task ApproveAsync_PermissionLostSinceInAnotherProcess_IsRefused()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        Assert.True(await second.Get<AccessControl>().MayAsync(Chiara, Permissions.GrantsApprove, default));
        await RevokeAllAsync(Chiara.Id!.Value);

        // The other process still has the old answer in its cache; the transaction of the decision has not.
        Assert.True(await second.Get<AccessControl>().MayAsync(Chiara, Permissions.GrantsApprove, default));
        Assert.Equal(RefusalKind.Forbidden, (await second.Get<ApprovalService>().ApproveAsync(Chiara, request.Id, null, default)).Refusal?.Kind);
        Assert.Equal(ApprovalState.Pending, (await RowAsync(request.Id)).State);
    }

    [Fact]
    public async Task ApproveAsync_SomethingChangedSince_IsRefusedAndRecordedAsFailed()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        await Tenant.AddApplicationAsync(Process.Services, "Other", "Other");
        (await Get<GrantService>().GrantAsync(Ada, new NewGrant(Bob.Id, Roles.Member, AccessScope.Team(Tenant.Application.TeamId), null, "Joined"), default)).Required();

        var refusal = (await Approvals.ApproveAsync(Chiara, request.Id, null, default)).Refusal!;
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        var row = await RowAsync(request.Id);
        Assert.Equal((ApprovalState.Failed, refusal.Message), (row.State, row.Comment));
        Assert.Equal(0, await AuditorGrantsAsync());
        Assert.Equal(["approval.failed", "approval.proposed"], await AuditAsync("approval."));
        Assert.Equal(RefusalKind.Conflict, (await Approvals.ApproveAsync(Chiara, request.Id, null, default)).Refusal?.Kind);
        await ProposeAsync();
    }

    [Fact]
    public async Task RejectAndWithdraw_EndTheProposal()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        Assert.Equal("reason", (await Approvals.RejectAsync(Chiara, request.Id, " ", default)).Refusal?.Field);
        Assert.Equal(RefusalKind.Forbidden, (await Approvals.RejectAsync(Ada, request.Id, "No", default)).Refusal?.Kind);
        (await Approvals.RejectAsync(Chiara, request.Id, "Not this year", default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Approvals.ApproveAsync(Chiara, request.Id, null, default)).Refusal?.Kind);

        var second = await ProposeAsync();
        Assert.Equal(RefusalKind.Forbidden, (await Approvals.WithdrawAsync(Chiara, second.Id, default)).Refusal?.Kind);
        (await Approvals.WithdrawAsync(Ada, second.Id, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Approvals.ApproveAsync(Chiara, second.Id, null, default)).Refusal?.Kind);
        Assert.Equal(["approval.proposed", "approval.proposed", "approval.rejected", "approval.withdrawn"], await AuditAsync("approval."));
        Assert.Equal(0, await AuditorGrantsAsync());
    }

    [Fact]
    public async Task ProposeAsync_TheSameTwice_IsRefusedWhileItWaits()
    {
        await PeopleAsync();
        await ProposeAsync();
        Assert.Equal(RefusalKind.Conflict, (await Get<GrantService>().GrantAsync(Chiara, Auditor(), default)).Refusal?.Kind);
    }

    [Fact]
    public async Task Expiry_NobodyDecidedInTime_ClosesItAndItCannotBeApproved()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal(RefusalKind.Conflict, (await Approvals.ApproveAsync(Chiara, request.Id, null, default)).Refusal?.Kind);
        Assert.Equal(ApprovalState.Expired, (await Get<ApprovalQueries>().FindAsync(Ada, request.Id, default))!.Row.State);
        await Get<ApprovalExpiry>().RunAsync(default);
        await Get<ApprovalExpiry>().RunAsync(default);
        Assert.Equal(ApprovalState.Expired, (await RowAsync(request.Id)).State);
        Assert.Equal(["approval.expired", "approval.proposed"], await AuditAsync("approval."));
        Assert.Contains(Process.Services.GetServices<IJob>(), job => job is ApprovalExpiry { Scope: JobScope.OnceAcrossProcesses });
    }

    [Fact]
    public async Task WaiveAsync_WhileSomebodyCouldDecide_IsRefused()
    {
        await PeopleAsync();
        var request = await ProposeAsync();
        Assert.Contains("chiara", (await Approvals.WaiveAsync(Ada, request.Id, "Urgent", default)).Refusal?.Message, StringComparison.Ordinal);
        await RevokeAllAsync(Chiara.Id!.Value);
        Assert.Equal(RefusalKind.Invalid, (await Approvals.WaiveAsync(Ada, request.Id, "", default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Approvals.WaiveAsync(Chiara, request.Id, "Urgent", default)).Refusal?.Kind);
        (await Approvals.WaiveAsync(Ada, request.Id, "Nobody else is left", default)).Required();
        var row = await RowAsync(request.Id);
        Assert.Equal((ApprovalState.Applied, true, "Nobody else is left", Ada.Id), (row.State, row.IsWaived, row.Comment, row.DecidedBy));
        Assert.Equal(1, await AuditorGrantsAsync());
        Assert.Equal(["approval.proposed", "approval.waived"], await AuditAsync("approval."));
    }

    [Fact]
    public async Task Mails_ProposedAndDecided_GoToThoseConcerned()
    {
        await PeopleAsync();
        var before = await MailsAsync();
        var request = await ProposeAsync();
        Assert.Equal(before + 1, await MailsAsync()); // to Chiara: neither to Ada, who asks, nor to Bob, who may not
        (await Approvals.ApproveAsync(Chiara, request.Id, null, default)).Required();
        Assert.Equal(before + 2, await MailsAsync()); // to Ada
    }

    [Fact]
    public async Task Lists_EachSees_WhatConcernsThem()
    {
        await PeopleAsync();
        var stranger = await PersonAsync("stranger", Roles.CostViewer);
        var request = await ProposeAsync();
        Assert.Equal(new ApprovalCounts(1, 0), await Get<ApprovalQueries>().CountAsync(Chiara, default));
        Assert.Equal(new ApprovalCounts(0, 1), await Get<ApprovalQueries>().CountAsync(Ada, default));
        Assert.Equal(request.Id, Assert.Single((await ListAsync(Chiara, ApprovalView.ToDecide)).Items).Request.Id);
        Assert.Empty((await ListAsync(Ada, ApprovalView.ToDecide)).Items);
        Assert.Single((await ListAsync(Ada, ApprovalView.Mine)).Items);
        Assert.Empty((await ListAsync(Ada, ApprovalView.Decided)).Items);
        Assert.Empty((await ListAsync(stranger, ApprovalView.All)).Items);
        Assert.Null(await Get<ApprovalQueries>().FindAsync(stranger, request.Id, default));
        Assert.False((await Get<ApprovalQueries>().FindAsync(Tenant.Acting(Bob), request.Id, default))!.MayDecide);

        var ada = (await Get<ApprovalQueries>().FindAsync(Ada, request.Id, default))!;
        Assert.Equal((false, true, false), (ada.MayDecide, ada.MayWithdraw, ada.MayWaive));
        Assert.Equal(["chiara"], ada.Deciders);
        var other = await Tenant.CreateAsync(Process.Services);
        Assert.Null(await Get<ApprovalQueries>().FindAsync(other.Admin, request.Id, default));
        Assert.Equal(RefusalKind.NotFound, (await Approvals.ApproveAsync(other.Admin, request.Id, null, default)).Refusal?.Kind);
    }

    private Task<Page<ApprovalRow>> ListAsync(Actor actor, ApprovalView view) =>
        Get<ApprovalQueries>().ListAsync(actor, new ApprovalFilter(view), null, 10, default);

    private Task<int> MailsAsync() => QueryAsync(db => db.WorkItems.CountAsync(item => item.Kind == "mail"));

    private async Task RefusedAsync(Actor actor, Guid request) =>
        Assert.Equal(RefusalKind.Forbidden, (await Approvals.ApproveAsync(actor, request, null, default)).Refusal?.Kind);
}
