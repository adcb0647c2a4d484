using FsCheck.Fluent;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Domain.Tests.Proxy.Resilience;

public sealed class RetryTests
{
    private static readonly DateTimeOffset Now = new(1994, 11, 6, 8, 49, 30, TimeSpan.Zero);

    [Theory]
    [InlineData(null, "7", 7_000)]
    [InlineData(null, " 0 ", 0)]
    [InlineData("1500", "7", 1_500)]
    [InlineData("soon", "7", 7_000)]
    [InlineData("250", null, 250)]
    [InlineData(null, "1.5", 1_500)]
    [InlineData(null, "Sun, 06 Nov 1994 08:49:37 GMT", 7_000)] // The three forms of RFC 9110, 5.6.7.
    [InlineData(null, "Sunday, 06-Nov-94 08:49:37 GMT", 7_000)]
    [InlineData(null, "Sun Nov  6 08:49:37 1994", 7_000)]
    [InlineData(null, "Sun, 06 Nov 1994 08:00:00 GMT", 0)]
    [InlineData(null, "999999999999999999999", 86_400_000)]
    [InlineData(null, "99999999999999999999999999999999999999", null)]
    [InlineData(null, "-5", null)]
    [InlineData(null, "a while", null)]
    [InlineData(null, "", null)]
    [InlineData(null, null, null)]
    public void Read_Header_IsTheWait(string? milliseconds, string? value, int? expected) =>
        Assert.Equal(expected, (int?)RetryAfter.Read(milliseconds, value, Now)?.TotalMilliseconds);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "0")]
    [InlineData(1, "1")]
    [InlineData(999, "1")]
    [InlineData(1000, "1")]
    [InlineData(1001, "2")]
    [InlineData(14_600, "15")]
    public void Write_Wait_IsWholeSecondsRoundedUp(int milliseconds, string expected) => Assert.Equal(expected, RetryAfter.Write(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(200, false)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(409, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(501, false)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(529, true)]
    public void MayRepeat_Status_OnlyWhereNoWorkWasDone(int status, bool expected) => Assert.Equal(expected, RetryPolicy.MayRepeat(status));

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, false)]
    [InlineData(503, true)]
    public void MayFallBack_Status_AlsoWhereTheConnectionsKeyWasRefused(int status, bool expected) => Assert.Equal(expected, RetryPolicy.MayFallBack(status));

    [Theory]
    [InlineData(200, null, AttemptVerdict.Sound)]
    [InlineData(400, null, AttemptVerdict.Sound)]
    [InlineData(401, null, AttemptVerdict.Sound)]
    [InlineData(429, null, AttemptVerdict.Nothing)]
    [InlineData(429, 59, AttemptVerdict.Nothing)]
    [InlineData(429, 60, AttemptVerdict.Failed)]
    [InlineData(408, null, AttemptVerdict.Nothing)]
    [InlineData(500, null, AttemptVerdict.Failed)]
    [InlineData(529, null, AttemptVerdict.Failed)]
    public void Judge_Status_SaysWhoseFaultItIs(int status, int? wait, AttemptVerdict expected) =>
        Assert.Equal(expected, RetryPolicy.Judge(status, wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null, TimeSpan.FromMinutes(1)));

    [Fact]
    public void Delay_ProviderSaysHowLong_IsThatUnlessTooLongOrTheAttemptsAreUsedUp()
    {
        var policy = new RetryPolicy(new RetryRules { Attempts = 3, MaxRetryAfter = TimeSpan.FromSeconds(20) });
        Assert.Equal(TimeSpan.FromSeconds(20), policy.Delay(1, TimeSpan.FromSeconds(20), new Random(1)));
        Assert.Equal(TimeSpan.FromSeconds(20), policy.Delay(2, TimeSpan.FromSeconds(20), new Random(1)));
        Assert.Null(policy.Delay(1, TimeSpan.FromSeconds(20.001), new Random(1)));
        Assert.Null(policy.Delay(3, TimeSpan.Zero, new Random(1)));
        Assert.Null(new RetryPolicy(new RetryRules { Attempts = 1 }).Delay(1, null, new Random(1)));
    }

    [Fact]
    public void Delay_AnyAttempt_IsDrawnBetweenNothingAndTheGrowingBound()
    {
        var rules = new RetryRules { Attempts = 100 };
        var draws =
            from attempt in Gen.Choose(1, 99)
            from seed in Gen.Choose(0, 1_000_000)
            select (attempt, seed);
        Law.Holds(draws, draw =>
        {
            var most = Math.Min(rules.BaseDelay.TotalMilliseconds * Math.Pow(2, draw.attempt - 1), rules.MaxDelay.TotalMilliseconds);
            Assert.InRange(new RetryPolicy(rules).Delay(draw.attempt, null, new Random(draw.seed))!.Value.TotalMilliseconds, 0, most);
        });
    }

    [Fact]
    public void Delay_ManyDraws_FillTheWholeRange()
    {
        var (policy, random) = (new RetryPolicy(new RetryRules()), new Random(7));
        var draws = Enumerable.Range(0, 10_000).Select(_ => policy.Delay(1, null, random)!.Value.TotalMilliseconds).ToList();
        Assert.InRange(draws.Average(), 240, 260);
        Assert.True(draws.Min() < 5 && draws.Max() > 495);
    }
}
