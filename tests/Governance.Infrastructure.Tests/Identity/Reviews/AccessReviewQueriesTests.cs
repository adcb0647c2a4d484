using Governance.Domain;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.Reviews;

public sealed class AccessReviewQueriesTests : ReviewTest
{
    [Fact]
    public async Task ListAsync_OpenAndFinished_ShowsProgressOpenOnesFirst()
    {
        var finished = await StartAsync();
        await FinishAsync(finished);
        var open = (await Service.StartAsync(Rita, Everything with { Name = "Winter" }, default)).Required();
        await DecideAsync(Rita, open, await ItemAsync(open, "vera"), ReviewDecision.Revoke);

        var list = await Queries.ListAsync(Tenant.Acting(People["ada"]), default);
        Assert.Equal([(open.Id, 7, 1, 1), (finished.Id, 7, 7, 0)], list.Rows.Select(row => (row.Review.Id, row.Items, row.Decided, row.Revoked)));
        Assert.Equal("rita", list.Names.Person(list.Rows[0].Review.StartedBy));
        Assert.Empty((await Queries.ListAsync(Tenant.Acting(People["vera"]), default)).Rows);
        Assert.Null(await Queries.FindAsync(Tenant.Acting(People["vera"]), open.Id, default));
    }

    [Fact]
    public async Task ItemsAsync_EachFilter_LeavesThoseItems()
    {
        var review = await StartAsync();
        await DecideAsync(Rita, review, await ItemAsync(review, "vera"), ReviewDecision.Change);
        Assert.Equal(5, await CountAsync(new AccessReviewFilter(Kind: ReviewedKind.Grant)));
        Assert.Equal(1, await CountAsync(new AccessReviewFilter(Decision: ReviewDecision.Change)));
        Assert.Equal(6, await CountAsync(new AccessReviewFilter(Undecided: true)));
        Assert.Equal(4, await CountAsync(new AccessReviewFilter(Person: " A"))); // Ada, Alan, Rita and Vera
        Assert.Equal(1, await CountAsync(new AccessReviewFilter(Person: People["vera"].Id.ToString("n"))));
        Assert.Equal(0, await CountAsync(new AccessReviewFilter(ReviewedKind.Key, Person: "vera")));

        async Task<int> CountAsync(AccessReviewFilter filter)
        {
            var all = (await Queries.AllItemsAsync(Rita, review.Id, filter, default)).Items;
            Assert.Equal(all.Select(item => item.Id), (await Queries.ItemsAsync(Rita, review.Id, filter, null, 50, default)).Items.Select(item => item.Id));
            return all.Count;
        }
    }

    [Fact]
    public async Task ItemsAsync_PageByPage_ShowsEachOnce()
    {
        var review = await StartAsync();
        var (numbers, cursor) = (new List<int>(), (string?)null);
        do
        {
            var page = await Queries.ItemsAsync(Rita, review.Id, AccessReviewFilter.Everything, cursor, 3, default);
            numbers.AddRange(page.Items.Select(item => item.Number));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, 7), numbers);
    }

    [Fact]
    public async Task CountOverdueAsync_DayAfterTheDueDate_CountsForThoseWhoMayDecide()
    {
        var review = await StartAsync();
        Assert.Equal(0, await Queries.CountOverdueAsync(Rita, default));
        Clock.Advance(new DateTimeOffset(2026, 11, 30, 22, 30, 0, TimeSpan.Zero) - Clock.GetUtcNow());
        Assert.Equal(0, await Queries.CountOverdueAsync(Rita, default)); // still the 30th in Berlin
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Queries.CountOverdueAsync(Rita, default));
        Assert.Equal(0, await Queries.CountOverdueAsync(Tenant.Acting(People["ada"]), default));
        await FinishAsync(review);
        Assert.Equal(0, await Queries.CountOverdueAsync(Rita, default));
    }

    [Fact]
    public async Task EverythingOf_AnotherOrganization_IsNotThere()
    {
        var review = await StartAsync();
        var other = await Tenant.CreateAsync(Process.Services);
        Assert.Empty((await Queries.ListAsync(other.Admin, default)).Rows);
        Assert.Null(await Queries.FindAsync(other.Admin, review.Id, default));
        Assert.Empty((await Queries.AllItemsAsync(other.Admin, review.Id, AccessReviewFilter.Everything, default)).Items);
        var verdict = new ReviewVerdict([(await ItemAsync(review, "vera")).Id], ReviewDecision.Keep);
        Assert.Equal(RefusalKind.NotFound, (await Service.DecideAsync(other.Admin, review.Id, verdict, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.FinishAsync(other.Admin, review.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.VerifyAsync(other.Admin, review.Id, default)).Refusal?.Kind);
    }
}
