using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Identity.Access;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Approvals;

/// <summary>Several people, in several processes, decide the same thing at the same moment.</summary>
public sealed class ApprovalRaceTests : ApprovalTest
{
    private static readonly int Rounds = TestScale.Cases(6, 120);

    [Fact]
    public async Task ApproveAsync_ManyAtOnce_TakesEffectOnceAndTheOthersGetAConflict()
    {
        await PeopleAsync();
        var dana = await PersonAsync("dana", Roles.SystemAdmin);
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            var request = await ProposeAsync();
            var decisions = await AtOnceAsync(
                () => Approvals.ApproveAsync(Chiara, request.Id, null, default),
                () => second.Get<ApprovalService>().ApproveAsync(dana, request.Id, null, default),
                () => second.Get<ApprovalService>().ApproveAsync(Chiara, request.Id, null, default),
                () => Approvals.ApproveAsync(dana, request.Id, null, default));

            Assert.Single(decisions, result => result.Succeeded);
            Assert.All(decisions.Where(result => !result.Succeeded), result => Assert.Equal(RefusalKind.Conflict, result.Refusal!.Kind));
            Assert.Equal(1, await AuditorGrantsAsync());
            Assert.Equal(round, (await AuditAsync("approval.approved")).Count);
            var grant = await QueryAsync(db => db.RoleGrants.SingleAsync(grant => grant.Role == Roles.Auditor && grant.RevokedAt == null));
            (await Get<GrantService>().RevokeAsync(Ada, grant.Id, "Next round", default)).Required();
        }

        Assert.Equal(Rounds, (await AuditAsync("grant.created")).Count);
    }

    [Fact]
    public async Task Decisions_ApproveRejectWithdrawAtOnce_OneOfThemCounts()
    {
        await PeopleAsync();
        var dana = await PersonAsync("dana", Roles.SystemAdmin);
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            var request = await ProposeAsync();
            var decisions = await AtOnceAsync(
                () => Approvals.ApproveAsync(Chiara, request.Id, null, default),
                () => second.Get<ApprovalService>().RejectAsync(dana, request.Id, "No", default),
                () => second.Get<ApprovalService>().WithdrawAsync(Ada, request.Id, default));

            Assert.Single(decisions, result => result.Succeeded);
            Assert.All(decisions.Where(result => !result.Succeeded), result => Assert.Equal(RefusalKind.Conflict, result.Refusal!.Kind));
            var state = (await RowAsync(request.Id)).State;
            Assert.Equal(state == ApprovalState.Applied ? 1 : 0, await AuditorGrantsAsync());
            if (state != ApprovalState.Applied) continue;
            var grant = await QueryAsync(db => db.RoleGrants.SingleAsync(grant => grant.Role == Roles.Auditor && grant.RevokedAt == null));
            (await Get<GrantService>().RevokeAsync(Ada, grant.Id, "Next round", default)).Required();
        }
    }

    [Fact]
    public async Task RevokeAsync_TwoAdministratorsEachOther_OneRemains()
    {
        await PeopleAsync();
        await using var second = await new ProductProcess(Database, Clock).StartAsync();
        var grants = await QueryAsync(db => db.RoleGrants.Where(grant => grant.Role == Roles.SystemAdmin).ToListAsync());
        var (adas, chiaras) = (grants.Single(grant => grant.PersonId == Ada.Id), grants.Single(grant => grant.PersonId == Chiara.Id));
        var results = await AtOnceAsync(
            () => Get<GrantService>().RevokeAsync(Ada, chiaras.Id, null, default),
            () => second.Get<GrantService>().RevokeAsync(Chiara, adas.Id, null, default));
        Assert.Single(results, result => result.Succeeded);
        Assert.Equal(1, await QueryAsync(db => db.RoleGrants.CountAsync(grant => grant.Role == Roles.SystemAdmin && grant.RevokedAt == null)));
    }

    [Fact]
    public async Task GrantAsync_TheSameAtOnce_GrantsItOnce()
    {
        await PeopleAsync();
        var grant = new NewGrant(Bob.Id, Roles.CostAdmin, default, null, "Keeps the prices");
        var results = await AtOnceAsync(
            [.. Enumerable.Range(0, 4).Select(_ => (Func<Task<Result<GrantOutcome>>>)(() => Get<GrantService>().GrantAsync(Ada, grant, default)))]);
        Assert.Single(results, result => result.Succeeded);
        Assert.Equal(1, await QueryAsync(db => db.RoleGrants.CountAsync(row => row.Role == Roles.CostAdmin)));
    }

    private static async Task<T[]> AtOnceAsync<T>(params Func<Task<T>>[] decisions)
    {
        using var start = new SemaphoreSlim(0);
        var running = decisions.Select(decision => Task.Run(async () =>
        {
            await start.WaitAsync();
            return await decision();
        })).ToList();
        start.Release(decisions.Length);
        return await Task.WhenAll(running);
    }
}
