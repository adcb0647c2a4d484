using Governance.Domain.Costs;

namespace Governance.Domain.Tests.Costs;

public sealed class PriceBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Change = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PriceBook Book = new(
    [
        Version("gpt-5-mini", 1, Start, Change),
        Version("gpt-5-mini", 2, Change, null),
        Version("gpt-4.1-2025-04-14", 3, Start, null),
        Version("gpt-4.1", 4, Start, null),
        Version("claude-haiku-4-5", 5, Start, null),
        Version("retired", 6, Start, Change),
    ]);

    [Theory]
    [InlineData("gpt-5-mini-2025-08-07", 2)]
    [InlineData("gpt-4.1-2025-04-14", 3)] // a row of its own goes before the family's
    [InlineData("gpt-4.1-2026-01-01", 4)]
    [InlineData("claude-haiku-4-5-20251001", 5)]
    [InlineData("claude-haiku-4-5@20251001", 5)]
    public void Find_DateSuffix_ResolvesToTheFamily(string model, long expected) =>
        Assert.Equal(expected, Book.Find("openai", model, Change)!.Rates.Input);

    [Theory]
    [InlineData("gpt-5-mini-2025-8-7")]
    [InlineData("gpt-5-mini-latest")]
    [InlineData("gpt-5-mini-2025-08-07-x")]
    [InlineData("gpt-5")]
    [InlineData("GPT-5-MINI")]
    [InlineData("-20251001")]
    [InlineData("2025-08-07")]
    [InlineData("")]
    public void Find_UnknownModel_HasNoPrice(string model)
    {
        Assert.Null(Book.Find("openai", model, Change));
        Assert.False(Book.Knows("openai", model));
    }

    [Fact]
    public void Find_OtherProvider_HasNoPrice() => Assert.Null(Book.Find("anthropic", "gpt-5-mini", Change));

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 1L)]
    public void Find_AtTheStart_HoldsFromThatVeryTick(int ticks, long? expected) =>
        Assert.Equal(expected, Book.Find("openai", "gpt-5-mini", Start.AddTicks(ticks))?.Rates.Input);

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 2)]
    public void Find_AtAChange_TheNewPriceHoldsFromThatVeryTick(int ticks, long expected) =>
        Assert.Equal(expected, Book.Find("openai", "gpt-5-mini", Change.AddTicks(ticks))!.Rates.Input);

    [Fact]
    public void Find_AfterTheEnd_HasNoPriceButIsKnown()
    {
        Assert.Null(Book.Find("openai", "retired", Change));
        Assert.True(Book.Knows("openai", "retired-20260101"));
    }

    [Fact]
    public void For_MissingRates_FallBackWithinTheSet()
    {
        var rates = new TokenRates(10, 20);
        Assert.Equal((10, 10, 10, 20), (rates.For(TokenClass.CachedInput), rates.For(TokenClass.CacheWrite), rates.For(TokenClass.CacheWrite1h), rates.For(TokenClass.Output)));
        Assert.Equal(7, (rates with { CacheWrite = 7 }).For(TokenClass.CacheWrite1h));
    }

    private static Price Version(string model, long rate, DateTimeOffset from, DateTimeOffset? to) =>
        new(Guid.Empty, "openai", model, from, to, new TokenRates(rate, rate), null, null, PriceMultipliers.None, "test");
}
