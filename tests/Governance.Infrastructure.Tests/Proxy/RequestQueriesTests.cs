using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Costs;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class RequestQueriesTests : ProductTest
{
    private static readonly TimeRange Range = new(FakeTime.DefaultStart.AddDays(-30), FakeTime.DefaultStart.AddDays(1));

    private RequestQueries Queries => Get<RequestQueries>();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task ListAsync_PageAfterPage_ReturnsEveryCallOnceNewestFirst(int size)
    {
        var random = new Random(3);
        for (var i = 0; i < 40; i++) await Get<CallLedger>().OpenAsync(Tenant.Call(FakeTime.DefaultStart.AddSeconds(random.Next(5)))); // many at the same moment
        var calls = await RowsAsync<Call>();

        var seen = await AllAsync(new RequestFilter(Range), size);

        Assert.Equal(calls.Select(call => call.Id).Order(), seen.Select(row => row.Call.Id).Order());
        Assert.Equal(seen.Select(row => row.Call.StartedAt).OrderDescending(), seen.Select(row => row.Call.StartedAt));
    }

    [Fact]
    public async Task ListAsync_CallsThatArriveMeanwhile_DoNotShiftPages()
    {
        for (var i = 0; i < 10; i++) await Get<CallLedger>().OpenAsync(Tenant.Call(FakeTime.DefaultStart.AddSeconds(i)));
        var first = await Queries.ListAsync(Tenant.Admin, new RequestFilter(Range), null, 5, default);
        await Get<CallLedger>().OpenAsync(Tenant.Call(FakeTime.DefaultStart.AddMinutes(1)));
        var second = await Queries.ListAsync(Tenant.Admin, new RequestFilter(Range), first.Next, 5, default);
        Assert.Empty(first.Items.Select(row => row.Call.Id).Intersect(second.Items.Select(row => row.Call.Id)));
        Assert.Equal(10, first.Items.Count + second.Items.Count);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task ListAsync_Filters_KeepJustTheirCalls()
    {
        await RandomLedger.FillAsync(Process, Tenant, new DateOnly(2026, 10, 20), days: 10, calls: 150, seed: 5);
        await Get<CallLedger>().OpenAsync(Tenant.Call(FakeTime.DefaultStart));
        var all = await AllAsync(new RequestFilter(Range), 500);
        var sample = all.First(row => row.Call.SubjectId is not null).Call;

        await AssertFilterAsync(filter => filter with { TeamId = sample.TeamId }, row => row.Call.TeamId == sample.TeamId);
        await AssertFilterAsync(filter => filter with { ApplicationId = sample.ApplicationId }, row => row.Call.ApplicationId == sample.ApplicationId);
        await AssertFilterAsync(filter => filter with { KeyId = sample.KeyId }, row => row.Call.KeyId == sample.KeyId);
        await AssertFilterAsync(filter => filter with { SubjectId = sample.SubjectId }, row => row.Call.SubjectId == sample.SubjectId);
        await AssertFilterAsync(filter => filter with { Provider = "google" }, row => row.Call.Provider == "google");
        await AssertFilterAsync(filter => filter with { Model = "gpt-5" }, row => row.Call.RequestedModel == "gpt-5");
        await AssertFilterAsync(filter => filter with { Outcome = CallOutcome.ProviderError }, row => row.Outcome?.Outcome == CallOutcome.ProviderError);
        await AssertFilterAsync(filter => filter with { OpenOnly = true }, row => row.IsOpen);
        await AssertFilterAsync(filter => filter with { Range = new TimeRange(sample.StartedAt, sample.StartedAt.AddMicroseconds(1)) }, row => row.Call.StartedAt == sample.StartedAt);

        async Task AssertFilterAsync(Func<RequestFilter, RequestFilter> narrow, Func<RequestRow, bool> expected)
        {
            var found = await AllAsync(narrow(new RequestFilter(Range)), 20);
            Assert.NotEmpty(found);
            Assert.Equal(all.Where(expected).Select(row => row.Call.Id), found.Select(row => row.Call.Id));
        }
    }

    [Fact]
    public async Task FindAsync_EveryBookedCall_BreakdownExplainsItsCost()
    {
        await RandomLedger.FillAsync(Process, Tenant, new DateOnly(2026, 10, 20), days: 10, calls: 60, seed: 9);
        foreach (var row in await AllAsync(new RequestFilter(Range), 500))
        {
            var detail = (await Queries.FindAsync(Tenant.Admin, row.Call.Id, default))!;
            Assert.Equal(row.Cost, detail.Row.Cost);
            if (detail.Breakdown is not null) Assert.Equal(row.Cost, detail.Breakdown.Total);
            else Assert.Equal(0, row.Cost.NanoUsd);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1-2")]
    [InlineData("-1-00000000000000000000000000000000")]
    [InlineData("99999999999999999999-00000000000000000000000000000000")]
    [InlineData("9223372036854775807-00000000000000000000000000000000")]
    public async Task ListAsync_MalformedCursor_IsAnEmptyPage(string cursor)
    {
        Assert.False(RequestQueries.IsCursor(cursor));
        Assert.Empty((await Queries.ListAsync(Tenant.Admin, new RequestFilter(Range), cursor, 5, default)).Items);
    }

    private async Task<List<RequestRow>> AllAsync(RequestFilter filter, int size)
    {
        var rows = new List<RequestRow>();
        string? cursor = null;
        do
        {
            var page = await Queries.ListAsync(Tenant.Admin, filter, cursor, size, default);
            Assert.True(page.Items.Count <= size);
            rows.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return rows;
    }
}
