using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Identity.Reviews;

public sealed class AccessReviewServiceTests : ReviewTest
{
    [Fact]
    public async Task StartAsync_EveryKind_TakesDownWhatGivesAccessNow()
    {
        var review = await StartAsync();
        var items = await ItemsAsync(review);
        Assert.Equal(Enumerable.Range(1, 7), items.Select(item => item.Number));
        Assert.Equal(
            ["ada", "alan", "remy", "rita", "vera"],
            items.Where(item => item.Kind == ReviewedKind.Grant).Select(item => People.Single(person => person.Value.Id == item.PersonId).Key));
        var grant = await ItemAsync(review, "vera");
        Assert.Equal((Roles.CostViewer, ScopeKind.Organization, (Guid?)null, (ReviewDecision?)null), (grant.Role, grant.ScopeKind, grant.ScopeId, grant.Decision));
        var key = await ItemAsync(review, ReviewedKind.Key);
        Assert.Equal((Tenant.Key.Id, ScopeKind.Application, Tenant.Application.Id), (key.SubjectId, key.ScopeKind, key.ScopeId));
        Assert.Single(items, item => item.Kind == ReviewedKind.ServiceAccount);
        Assert.Equal((AccessReviewState.Open, People["rita"].Id), (review.State, review.StartedBy!.Value));
    }

    [Fact]
    public async Task StartAsync_OneKindOnly_LeavesTheOthersOut()
    {
        await StartAsync();
        var review = (await Service.StartAsync(Rita, Everything with { Grants = false, ServiceAccounts = false }, default)).Required();
        Assert.Equal(ReviewedKind.Key, Assert.Single(await ItemsAsync(review)).Kind);
    }

    [Fact]
    public async Task StartAsync_BrokenRequest_IsRefused()
    {
        await StartAsync();
        Assert.Equal(RefusalKind.Forbidden, (await Service.StartAsync(Tenant.Acting(People["ada"]), Everything, default)).Refusal?.Kind);
        foreach (var bad in new[]
        {
            Everything with { Name = " " }, Everything with { Name = new string('n', 201) }, Everything with { DueOn = new DateOnly(2026, 11, 1) },
            Everything with { Grants = false, Keys = false, ServiceAccounts = false },
        })
            Assert.Equal(RefusalKind.Invalid, (await Service.StartAsync(Rita, bad, default)).Refusal?.Kind);
        Assert.Single(await RowsAsync<AccessReview>());
    }

    [Fact]
    public async Task DecideAsync_OwnGrantOrKey_IsRefused()
    {
        var review = await StartAsync();
        var own = await ItemAsync(review, "rita");
        var other = await ItemAsync(review, "vera");
        foreach (var decision in Enum.GetValues<ReviewDecision>())
        {
            var refused = await Service.DecideAsync(Rita, review.Id, new ReviewVerdict([other.Id, own.Id], decision, "Because."), default);
            Assert.Equal(RefusalKind.Forbidden, refused.Refusal?.Kind);
        }

        Assert.All(await ItemsAsync(review), item => Assert.Null(item.Decision)); // all or none
        await DecideAsync(Remy, review, own, ReviewDecision.Keep);

        await QueryAsync(db => db.VirtualKeys.ExecuteUpdateAsync(set => set.SetProperty(key => key.CreatedBy, People["rita"].Id)));
        var keys = (await Service.StartAsync(Remy, Everything with { Grants = false, ServiceAccounts = false }, default)).Required();
        var key = Assert.Single(await ItemsAsync(keys));
        Assert.Equal(RefusalKind.Forbidden, (await Service.DecideAsync(Rita, keys.Id, new ReviewVerdict([key.Id], ReviewDecision.Keep), default)).Refusal?.Kind);
    }

    [Fact]
    public async Task DecideAsync_WithoutReasonOrPermissionOrItems_IsRefused()
    {
        var review = await StartAsync();
        var item = await ItemAsync(review, "vera");
        foreach (var bad in new[]
        {
            new ReviewVerdict([item.Id], ReviewDecision.Revoke), new ReviewVerdict([item.Id], ReviewDecision.Change, " "),
            new ReviewVerdict([item.Id], ReviewDecision.Keep, new string('r', 1001)), new ReviewVerdict([], ReviewDecision.Keep),
        })
            Assert.Equal(RefusalKind.Invalid, (await Service.DecideAsync(Rita, review.Id, bad, default)).Refusal?.Kind);

        var keep = new ReviewVerdict([item.Id], ReviewDecision.Keep);
        Assert.Equal(RefusalKind.Forbidden, (await Service.DecideAsync(Tenant.Acting(People["ada"]), review.Id, keep, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.DecideAsync(Rita, review.Id, new ReviewVerdict([item.Id, review.Id], ReviewDecision.Keep), default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.DecideAsync(Rita, item.Id, keep, default)).Refusal?.Kind);
        Assert.All(await ItemsAsync(review), row => Assert.Null(row.Decision));
    }

    [Fact]
    public async Task DecideAsync_Revoke_TakesEffectAtOnce()
    {
        var review = await StartAsync();
        var vera = Tenant.Acting(People["vera"]);
        var account = (await ItemAsync(review, ReviewedKind.ServiceAccount)).SubjectId;
        Assert.True(await Get<AccessControl>().MayAsync(vera, Permissions.CostsRead, default));
        Assert.False((await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!.Revoked);

        await DecideAsync(Rita, review, await ItemAsync(review, "vera"), ReviewDecision.Revoke);
        await DecideAsync(Rita, review, await ItemAsync(review, ReviewedKind.Key), ReviewDecision.Revoke);
        await DecideAsync(Rita, review, await ItemAsync(review, ReviewedKind.ServiceAccount), ReviewDecision.Revoke);

        Assert.False(await Get<AccessControl>().MayAsync(vera, Permissions.CostsRead, default));
        Assert.True((await Get<KeyDirectory>().FindAsync(Tenant.Key.Secret, default))!.Revoked);
        Assert.NotNull((await RowsAsync<ServiceAccount>()).Single(row => row.Id == account).RevokedAt);
        Assert.Equal(3, (await ItemsAsync(review)).Count(item => item.Outcome == RevocationOutcome.Revoked));
        var actions = (await EventsAsync()).Select(row => row.Action).ToList();
        Assert.Equal(3, actions.Count(action => action == "access_review.decided"));
        foreach (var action in new[] { "grant.revoked", "key.revoked", "service_account.revoked" }) Assert.Single(actions, action);
    }

    [Fact]
    public async Task DecideAsync_RevokeWhatEndedMeanwhile_SaysSo()
    {
        var review = await StartAsync();
        (await Get<KeyService>().RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        await DecideAsync(Rita, review, await ItemAsync(review, ReviewedKind.Key), ReviewDecision.Revoke);
        Assert.Equal(RevocationOutcome.AlreadyEnded, (await ItemAsync(review, ReviewedKind.Key)).Outcome);
        Assert.Single(await EventsAsync(), row => row.Action == "key.revoked");
    }

    [Fact]
    public async Task DecideAsync_Again_ChangesTheDecisionUntilItWasRevoked()
    {
        var review = await StartAsync();
        var vera = await ItemAsync(review, "vera");
        await DecideAsync(Rita, review, vera, ReviewDecision.Change, "Only the team's costs.");
        await DecideAsync(Remy, review, vera, ReviewDecision.Keep, null);
        var kept = await ItemAsync(review, "vera");
        Assert.Equal((ReviewDecision.Keep, null, People["remy"].Id), (kept.Decision!.Value, kept.Reason, kept.DecidedBy!.Value));
        await DecideAsync(Rita, review, vera, ReviewDecision.Revoke);
        var back = await Service.DecideAsync(Rita, review.Id, new ReviewVerdict([vera.Id], ReviewDecision.Keep), default);
        Assert.Equal(RefusalKind.Conflict, back.Refusal?.Kind);
    }

    [Fact]
    public async Task DecideAsync_LastAdministrator_IsRefused()
    {
        var review = await StartAsync();
        var both = new ReviewVerdict([(await ItemAsync(review, "ada")).Id, (await ItemAsync(review, "alan")).Id], ReviewDecision.Revoke, "Gone.");
        Assert.Equal(RefusalKind.Conflict, (await Service.DecideAsync(Rita, review.Id, both, default)).Refusal?.Kind);
        Assert.All(await RowsAsync<RoleGrant>(), grant => Assert.Null(grant.RevokedAt));

        await DecideAsync(Rita, review, await ItemAsync(review, "ada"), ReviewDecision.Revoke);
        var last = await Service.DecideAsync(Rita, review.Id, both with { Items = [(await ItemAsync(review, "alan")).Id] }, default);
        Assert.Equal(RefusalKind.Conflict, last.Refusal?.Kind);
        Assert.True(await Get<AccessControl>().MayAsync(Tenant.Acting(People["alan"]), Permissions.PeopleWrite, default));
    }

    [Fact]
    public async Task DecideAsync_OtherAdministratorDisabled_IsTheLast()
    {
        var review = await StartAsync();
        await QueryAsync(db => db.Users.Where(person => person.Id == People["ada"].Id)
            .ExecuteUpdateAsync(set => set.SetProperty(person => person.DisabledAt, Clock.GetUtcNow())));
        var verdict = new ReviewVerdict([(await ItemAsync(review, "alan")).Id], ReviewDecision.Revoke, "Gone.");
        Assert.Equal(RefusalKind.Conflict, (await Service.DecideAsync(Rita, review.Id, verdict, default)).Refusal?.Kind);
        await DecideAsync(Rita, review, await ItemAsync(review, "ada"), ReviewDecision.Revoke);
    }

    [Fact]
    public async Task DecideAsync_TwoAdministratorsRevokedAtOnceInTwoReviews_OneIsLeft()
    {
        for (var round = 0; round < TestScale.Cases(3, 30); round++)
        {
            People.Clear();
            var other = await Tenant.CreateAsync(Process.Services);
            var people = new List<Person>();
            foreach (var name in new[] { "a", "b" })
                people.Add(await other.AddPersonAsync(Process.Services, $"{name}{round}@example.org", "correct horse battery"));
            var reviews = new List<AccessReview>();
            for (var i = 0; i < 2; i++) reviews.Add((await Service.StartAsync(other.Admin, Everything, default)).Required());
            var verdicts = new List<(Guid Review, Guid Item)>();
            for (var i = 0; i < 2; i++) verdicts.Add((reviews[i].Id, (await ItemsAsync(reviews[i])).Single(item => item.PersonId == people[i].Id).Id));

            var results = await Task.WhenAll(verdicts.Select(verdict => Task.Run(() =>
                Service.DecideAsync(other.Admin, verdict.Review, new ReviewVerdict([verdict.Item], ReviewDecision.Revoke, "Gone."), default))));

            Assert.Single(results, result => result.Succeeded);
            Assert.Single(await RowsAsync<RoleGrant>(), grant => grant.OrganizationId == other.Id && grant.RevokedAt is null);
        }
    }

    [Fact]
    public async Task FinishAsync_SomethingUndecided_IsRefused()
    {
        var review = await StartAsync();
        await DecideAsync(Rita, review, await ItemAsync(review, "vera"), ReviewDecision.Keep);
        var refused = await Service.FinishAsync(Rita, review.Id, default);
        Assert.Equal(RefusalKind.Conflict, refused.Refusal?.Kind);
        Assert.StartsWith("6 of 7 items", refused.Refusal!.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Forbidden, (await Service.FinishAsync(Tenant.Acting(People["ada"]), review.Id, default)).Refusal?.Kind);
    }
}
