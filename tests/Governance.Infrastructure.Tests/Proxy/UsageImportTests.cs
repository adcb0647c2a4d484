using Governance.Domain;
using Governance.Domain.Costs;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Proxy;

public sealed class UsageImportTests : ProductTest
{
    private UsageImport Import => Get<UsageImport>();

    [Fact]
    public async Task ImportAsync_Calls_AreBookedOnTheDayAndAtThePriceOfTheirStart()
    {
        // Half an hour before midnight in UTC is the next day in Berlin.
        var at = new DateTimeOffset(2026, 10, 20, 22, 30, 0, TimeSpan.Zero);
        Assert.Equal(1, (await Import.ImportAsync(Tenant.Admin, [Call(at.ToOffset(TimeSpan.FromHours(-7)))], default)).Required());
        var entry = Assert.Single(await RowsAsync<LedgerEntry>());
        var call = Assert.Single(await RowsAsync<Call>());
        Assert.Equal((at, new DateOnly(2026, 10, 21), 0), (entry.StartedAt, entry.Day, entry.Hour));
        Assert.Equal((CallSource.Import, Tenant.Application.TeamId, Tenant.Application.Id), (call.Source, call.TeamId, call.ApplicationId));
        var price = (await Get<PriceBooks>().GetAsync(Tenant.Id, default)).Find("openai", "gpt-5-mini", at)!;
        Assert.Equal(price.Id, entry.PriceId);
        Assert.Equal(CostCalculator.Calculate(price, entry.Usage, ServiceTier.Standard).Total.NanoUsd, entry.CostNanoUsd);
        Assert.Contains(await EventsAsync(), row => row.Action == "usage.imported");
    }

    [Fact]
    public async Task ImportAsync_OneUnknownKey_BooksNothing() => await AssertNothingAsync(
        RefusalKind.NotFound, Call() with { KeyId = Guid.CreateVersion7(Clock.GetUtcNow()) });

    [Fact]
    public async Task ImportAsync_OneUnpricedModel_BooksNothing() => await AssertNothingAsync(RefusalKind.Invalid, Call() with { Model = "nobody-knows-it" });

    [Fact]
    public async Task ImportAsync_FailureInALaterBatch_BooksNothing()
    {
        var calls = Enumerable.Range(0, 1001).Select(i => Call(Clock.GetUtcNow().AddSeconds(-i))).ToList();
        calls[^1] = calls[^1] with { Connection = "sandbox", Tags = null! }; // cannot be stored
        await Assert.ThrowsAnyAsync<Exception>(() => Import.ImportAsync(Tenant.Admin, calls, default));
        Assert.Empty(await RowsAsync<Call>());
        Assert.Empty(await RowsAsync<LedgerEntry>());
        Assert.DoesNotContain(await EventsAsync(), row => row.Action == "usage.imported");
    }

    [Fact]
    public async Task ImportAsync_FailedCallOfAnUnpricedModel_IsFree()
    {
        var failed = Call() with { Model = "nobody-knows-it", Usage = default, Outcome = CallOutcome.ProviderError, Status = 404 };
        (await Import.ImportAsync(Tenant.Admin, [failed], default)).Required();
        Assert.Equal((0L, false), (Assert.Single(await RowsAsync<LedgerEntry>()) is var entry ? entry.CostNanoUsd : -1, entry.Unpriced));
    }

    [Fact]
    public async Task ImportAsync_Viewer_IsRefused() =>
        Assert.Equal(RefusalKind.Forbidden, (await Import.ImportAsync(Tenant.Viewer, [Call()], default)).Refusal?.Kind);

    private async Task AssertNothingAsync(RefusalKind expected, ImportedCall bad)
    {
        Assert.Equal(expected, (await Import.ImportAsync(Tenant.Admin, [Call(), bad, Call()], default)).Refusal?.Kind);
        Assert.Empty(await RowsAsync<Call>());
    }

    private ImportedCall Call(DateTimeOffset? at = null) =>
        new(at ?? Clock.GetUtcNow(), Tenant.Key.Id, "openai", "gpt-5-mini", new TokenUsage(Input: 1_234, CachedInput: 7, Output: 99));
}
