using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy;

/// <summary>What is not a text token, from the result of a call to its cost and its details.</summary>
public sealed class PiecesTests : ProductTest
{
    private static readonly TokenUsage Media = new(Input: 1_000, Output: 100, AudioInput: 7, AudioOutput: 11, ImageInput: 13, ImageOutput: 17);

    private static readonly UnitUsage Units = new(Images: 2, AudioMilliseconds: 1_500, Searches: 3, ToolCalls: 4);

    [Fact]
    public async Task SettleAsync_MediaAndPieces_AreBookedPricedAndExplained()
    {
        var price = await AddPriceAsync();
        var call = await SettleAsync(result => result with { Usage = Media, Units = Units, Worked = true, ContentBytes = 321 });
        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.Equal((Media, Units, 1L, 321L), (entry.Usage, entry.Units, entry.BilledRequests, entry.ContentBytes));

        // A dollar a million text tokens; 100 dollars a million of media; a request 1 cent, an image 2, a second of audio 1, a search 3, a tool call 4.
        var expected = 1_100 * 1_000m + (7 + 11 + 13 + 17) * 100_000m + (1 + 2 * 2 + 1.5m + 3 * 3 + 4 * 4) * 10_000_000m;
        Assert.Equal((price.Id, expected), (entry.PriceId, (decimal)entry.CostNanoUsd));
        var detail = (await Get<RequestQueries>().FindAsync(Tenant.Admin, call.Id, default))!;
        Assert.Equal((entry.CostNanoUsd, 6, 5), (detail.Breakdown!.Total.NanoUsd, detail.Breakdown.Lines.Count, detail.Breakdown.UnitLines.Count));
        Assert.Equal(Media.Total, (await Get<CostQueries>().TotalAsync(Tenant.Admin, new CostFilter(new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue)), default)).Tokens);
    }

    [Fact]
    public async Task SettleAsync_WorkedWithoutUsage_PaysTheFeeOfARequestOnce()
    {
        await AddPriceAsync();
        await SettleAsync(result => result with { Usage = default, Worked = true });
        Assert.Equal(10_000_000, Assert.Single(await RowsAsync<LedgerEntry>()).CostNanoUsd);
    }

    [Fact]
    public async Task SettleAsync_DidNotWork_PaysNoFee()
    {
        await AddPriceAsync();
        await SettleAsync(result => result with { Usage = default, Outcome = CallOutcome.ProviderError });
        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        Assert.Equal((0L, 0L, null), (entry.CostNanoUsd, entry.BilledRequests, entry.PriceId));
    }

    [Fact]
    public async Task SettleAsync_PiecesOfAnUnpricedModel_AreFlagged()
    {
        await SettleAsync(result => result with { Usage = default, Units = Units, ActualModel = "nobody-knows-it" }, "nobody-knows-it");
        Assert.True(Assert.Single(await RowsAsync<LedgerEntry>()).Unpriced);
    }

    [Fact]
    public async Task Correct_AnyDifference_LeavesTheTruthAsSum()
    {
        await AddPriceAsync();
        var book = await Get<PriceBooks>().GetAsync(Tenant.Id, default);
        var call = Tenant.Call(Clock.GetUtcNow()) with { RequestedModel = "painter" };
        var booked = CallPricing.Book(call, Result(call) with { Usage = Media, Units = Units, ContentBytes = 5 }, book);
        var truth = CallPricing.Book(call, Result(call) with { Usage = new TokenUsage(Input: 3, ImageOutput: 90), Units = new UnitUsage(Images: 1), ContentBytes = 9 }, book);
        var correction = CallPricing.Correct(Guid.CreateVersion7(), Clock.GetUtcNow(), booked, truth, "Test");
        var row = new RequestRow(call, [booked, correction]);
        Assert.Equal((truth.Usage, truth.Units, truth.CostNanoUsd, 1L), (row.Usage, row.Units, row.Cost.NanoUsd, row.BilledRequests));
        Assert.Equal(truth.ContentBytes, booked.ContentBytes + correction.ContentBytes);
    }

    private async Task<PriceVersion> AddPriceAsync() => (await Get<PriceService>().AddAsync(Tenant.Admin, new NewPrice
    {
        Provider = "openai", Model = "painter", Input = 1, Output = 1, AudioInput = 100, AudioOutput = 100, ImageInput = 100, ImageOutput = 100,
        PerRequest = 0.01m, PerImage = 0.02m, PerAudioSecond = 0.01m, PerSearch = 0.03m, PerToolCall = 0.04m, Source = "the contract",
    }, default)).Required();

    private async Task<Call> SettleAsync(Func<CallResult, CallResult> change, string model = "painter")
    {
        var call = Tenant.Call(Clock.GetUtcNow()) with { RequestedModel = model };
        await Get<CallLedger>().OpenAsync(call);
        await Get<CallLedger>().SettleAsync(call, change(Result(call)));
        return call;
    }

    private static CallResult Result(Call call) => call.Result() with { ActualModel = null, Attempts = [] };
}
