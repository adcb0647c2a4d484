using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Infrastructure.Costs;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Costs;

public sealed class PriceServiceTests : ProductTest
{
    private static readonly NewPrice Price = new() { Provider = "openai", Model = "new-model", Input = 1, Output = 4, Source = "https://example.org/prices" };

    private PriceService Service => Get<PriceService>();

    [Fact]
    public async Task AddAsync_NewModel_HoldsFromNowOn()
    {
        var added = (await Service.AddAsync(Tenant.Admin, Price, default)).Required();
        Assert.Equal(added.Id, (await FindAsync(Clock.GetUtcNow()))!.Id);
        Assert.Null(await FindAsync(Clock.GetUtcNow().AddTicks(-1)));
        Assert.Contains(await EventsAsync(), row => row.Action == "price.added");
    }

    [Fact]
    public async Task AddAsync_MediaAndPieces_AreKept()
    {
        var request = Price with
        {
            AudioInput = 32,
            AudioOutput = 64,
            ImageInput = 5,
            ImageOutput = 30,
            PerRequest = 0.005m,
            PerImage = 0.04m,
            PerAudioSecond = 0.0001m,
            PerSearch = 0.01m,
            PerToolCall = 0.03m,
        };
        (await Service.AddAsync(Tenant.Admin, request, default)).Required();
        var price = (await FindAsync(Clock.GetUtcNow()))!;
        Assert.Equal(new UnitRates(5_000_000, 40_000_000, 100_000, 10_000_000, 30_000_000), price.Units);
        Assert.Equal(
            new TokenRates(1_000_000_000, 4_000_000_000, null, null, null, 32_000_000_000, 64_000_000_000, 5_000_000_000, 30_000_000_000), price.Rates);
    }

    [Fact]
    public async Task AddAsync_Scheduled_TakesOverAtItsMoment()
    {
        var first = (await Service.AddAsync(Tenant.Admin, Price, default)).Required();
        var moment = Clock.GetUtcNow().AddDays(10);
        var second = (await Service.AddAsync(Tenant.Admin, Price with { Input = 2, EffectiveFrom = moment }, default)).Required();
        Assert.Equal(first.Id, (await FindAsync(moment.AddTicks(-1)))!.Id);
        Assert.Equal(second.Id, (await FindAsync(moment))!.Id);
    }

    [Fact]
    public async Task AddAsync_BetweenTwo_GivesWayToTheNext()
    {
        var start = Clock.GetUtcNow();
        (await Service.AddAsync(Tenant.Admin, Price, default)).Required();
        var last = (await Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = start.AddDays(20) }, default)).Required();
        var middle = (await Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = start.AddDays(10) }, default)).Required();
        Assert.Equal(middle.Id, (await FindAsync(start.AddDays(20).AddTicks(-1)))!.Id);
        Assert.Equal(last.Id, (await FindAsync(start.AddDays(20)))!.Id);
        await AssertNoOverlapAsync();
    }

    [Fact]
    public async Task CancelAsync_EveryOrderOfAddingAndCancelling_RestoresWhatHeldBefore()
    {
        var start = Clock.GetUtcNow();
        (await Service.AddAsync(Tenant.Admin, Price, default)).Required();
        var random = new Random(11);
        for (var round = 0; round < TestScale.Cases(15, 300); round++)
        {
            var before = await PeriodsAsync();
            var added = new List<Guid>();
            foreach (var day in Enumerable.Range(1, 40).OrderBy(_ => random.Next()).Take(random.Next(1, 4)))
                added.Add((await Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = start.AddDays(day) }, default)).Required().Id);
            await AssertNoOverlapAsync();
            foreach (var id in added.OrderBy(_ => random.Next())) (await Service.CancelAsync(Tenant.Admin, id, default)).Required();
            Assert.Equal(before, await PeriodsAsync());
        }
    }

    [Fact]
    public async Task AddAsync_SeveralAtOnceFromOneMoment_OneIsAddedAndTheOthersAreRefused()
    {
        for (var round = 0; round < TestScale.Cases(5, 50); round++)
        {
            var from = Clock.GetUtcNow().AddDays(round + 1);
            var results = await AddAtOnceAsync([from, from, from, from]);
            Assert.Single(results, result => result.Succeeded);
            Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal(RefusalKind.Conflict, result.Refusal?.Kind));
            await AssertNoOverlapAsync();
        }
    }

    [Fact]
    public async Task AddAsync_SeveralAtOnceFromSeveralMoments_NeverOverlap()
    {
        // The first round has no price before it, the later ones share one.
        for (var round = 0; round < TestScale.Cases(5, 50); round++)
        {
            var from = Clock.GetUtcNow().AddDays(10 * (round + 1));
            var results = await AddAtOnceAsync([from, from.AddDays(1), from.AddDays(2), from.AddDays(3)]);
            Assert.Contains(results, result => result.Succeeded);
            Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal(RefusalKind.Conflict, result.Refusal?.Kind));
            await AssertNoOverlapAsync();
        }
    }

    [Fact]
    public async Task CancelAsync_WhileAnotherIsAddedBeforeIt_LeavesNeitherGapNorOverlap()
    {
        for (var round = 0; round < TestScale.Cases(5, 50); round++)
        {
            var from = Clock.GetUtcNow().AddDays(10 * (round + 1));
            var scheduled = (await Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = from }, default)).Required();
            await Task.WhenAll(
                Task.Run(() => Service.CancelAsync(Tenant.Admin, scheduled.Id, default)),
                Task.Run(() => Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = from.AddDays(-1) }, default)));
            await AssertNoOverlapAsync();
        }
    }

    [Fact]
    public async Task CancelAsync_InForce_IsRefused()
    {
        var added = (await Service.AddAsync(Tenant.Admin, Price, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.CancelAsync(Tenant.Admin, added.Id, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task CancelAsync_Twice_StaysCancelled()
    {
        var added = (await Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = Clock.GetUtcNow().AddDays(1) }, default)).Required();
        (await Service.CancelAsync(Tenant.Admin, added.Id, default)).Required();
        Assert.True((await Service.CancelAsync(Tenant.Admin, added.Id, default)).Succeeded);
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await FindAsync(Clock.GetUtcNow()));
    }

    [Fact]
    public async Task AddAsync_ThePast_IsRefused() => await AssertInvalidAsync(Price with { EffectiveFrom = Clock.GetUtcNow().AddDays(-1) });

    [Fact]
    public async Task AddAsync_SameMoment_IsRefused()
    {
        (await Service.AddAsync(Tenant.Admin, Price, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.AddAsync(Tenant.Admin, Price, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task AddAsync_Viewer_IsRefused()
    {
        Assert.Equal(RefusalKind.Forbidden, (await Service.AddAsync(Tenant.Viewer, Price, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Service.CancelAsync(Tenant.Viewer, Guid.Empty, default)).Refusal?.Kind);
    }

    [Fact]
    public async Task AddAsync_BrokenRequest_IsRefused()
    {
        await AssertInvalidAsync(Price with { Provider = " " });
        await AssertInvalidAsync(Price with { Model = new string('m', 201) });
        await AssertInvalidAsync(Price with { Source = "" });
        await AssertInvalidAsync(Price with { Input = -1 });
        await AssertInvalidAsync(Price with { Output = 100_001 });
        await AssertInvalidAsync(Price with { CachedInput = 0.0000000001m });
        await AssertInvalidAsync(Price with { PerSearch = -0.01m });
        await AssertInvalidAsync(Price with { PerImage = 0.0000000001m });
        await AssertInvalidAsync(Price with { AudioOutput = -1 });
        await AssertInvalidAsync(Price with { LongPromptAbove = 1000 });
        await AssertInvalidAsync(Price with { LongInput = 1 });
        await AssertInvalidAsync(Price with { LongPromptAbove = 0, LongInput = 1, LongOutput = 1 });
        await AssertInvalidAsync(Price with { Flex = 0 });
        await AssertInvalidAsync(Price with { Priority = 10.5m });
        Assert.DoesNotContain(await EventsAsync(), row => row.Action == "price.added");
    }

    private async Task AssertInvalidAsync(NewPrice request) =>
        Assert.Equal(RefusalKind.Invalid, (await Service.AddAsync(Tenant.Admin, request, default)).Refusal?.Kind);

    private Task<Result<PriceVersion>[]> AddAtOnceAsync(IEnumerable<DateTimeOffset> moments) => Task.WhenAll(
        moments.Select(from => Task.Run(() => Service.AddAsync(Tenant.Admin, Price with { EffectiveFrom = from }, default))));

    private async Task<Price?> FindAsync(DateTimeOffset at) => (await Get<PriceBooks>().GetAsync(Tenant.Id, default)).Find("openai", Price.Model, at);

    private async Task<List<(DateTimeOffset From, DateTimeOffset? To)>> PeriodsAsync() =>
        [.. (await Service.ListAsync(Tenant.Admin, default)).Where(row => row.Model == Price.Model && row.CancelledAt is null).Select(row => (row.EffectiveFrom, row.EffectiveTo)).Order()];

    private async Task AssertNoOverlapAsync()
    {
        var periods = await PeriodsAsync();
        Assert.All(periods.Zip(periods.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        if (periods.Count > 0) Assert.Null(periods[^1].To);
    }
}
