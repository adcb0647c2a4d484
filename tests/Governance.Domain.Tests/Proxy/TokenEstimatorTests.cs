using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Proxy;

namespace Governance.Domain.Tests.Proxy;

public sealed class TokenEstimatorTests
{
    private static readonly Gen<TokenSample> Samples =
        from provider in Gen.Elements("openai", "anthropic")
        from model in Gen.Elements("a", "a-2026-01-01", "b")
        from side in Gen.Elements(TokenSide.Prompt, TokenSide.Output)
        from bytes in Gen.Choose(0, 5_000)
        from tokens in Gen.Choose(0, 1_500)
        select new TokenSample(provider, model, side, bytes, tokens);

    [Fact]
    public void Estimate_NothingMeasured_IsFourBytesAToken() => Law.Holds(
        Gen.Choose(0, int.MaxValue),
        bytes => Assert.Equal(TokenEstimate.FromBytes(bytes), TokenEstimator.Uncalibrated.Estimate("openai", "m", TokenSide.Prompt, bytes)));

    [Fact]
    public void Measure_AnySamples_IsTheMedianOfTheRatios() => Law.Holds(
        Samples.ListOf(120).Select(samples => samples.ToList()),
        samples =>
        {
            foreach (var ratio in TokenEstimator.Measure(samples).Where(ratio => ratio.Basis == RatioBasis.Model))
            {
                var ratios = samples
                    .Where(sample => sample.Provider == ratio.Provider && sample.Model == ratio.Name && sample.Side == ratio.Side && sample is { Bytes: > 0, Tokens: > 0 })
                    .Select(sample => sample.Bytes * 1000 / sample.Tokens).Order().ToList();
                Assert.Equal(ratios.Count, ratio.Rows);
                // As many lie below as above.
                Assert.True(ratios.Count(one => one < ratio.MilliBytes) <= ratios.Count / 2);
                Assert.True(ratio.MilliBytes == 1 || ratios.Count(one => one > ratio.MilliBytes) <= (ratios.Count + 1) / 2);
            }
        });

    [Fact]
    public void Estimate_MoreBytes_NeverMeansFewerTokens() => Law.Holds(
        from samples in Samples.ListOf(200)
        from bytes in Gen.Choose(0, 10_000)
        from more in Gen.Choose(0, 10_000)
        select (samples, bytes, more),
        one =>
        {
            var estimator = new TokenEstimator(TokenEstimator.Measure(one.samples));
            Assert.True(
                estimator.Estimate("openai", "a", TokenSide.Prompt, one.bytes) <= estimator.Estimate("openai", "a", TokenSide.Prompt, one.bytes + one.more));
        });

    [Theory]
    [InlineData(30, 0, 0, RatioBasis.Model)]
    [InlineData(29, 1, 0, RatioBasis.Family)]
    [InlineData(10, 10, 10, RatioBasis.Provider)]
    [InlineData(10, 10, 9, RatioBasis.Default)]
    public void Find_TooFewRows_FallsBackToTheNextRougher(int own, int snapshot, int others, RatioBasis expected)
    {
        var estimator = Calibrated([.. Rows("m", own, 2), .. Rows("m-2026-05-05", snapshot, 2), .. Rows("other", others, 2)]);
        Assert.Equal(expected, estimator.Find("openai", "m", TokenSide.Output).Basis);
        Assert.Equal(expected == RatioBasis.Default ? 250 : 500, estimator.Estimate("openai", "m", TokenSide.Output, 1_000));
    }

    [Fact]
    public void Find_OtherSideOrProvider_IsNotMixedIn()
    {
        var estimator = Calibrated(Rows("m", 100, 2));
        Assert.Equal(RatioBasis.Default, estimator.Find("openai", "m", TokenSide.Prompt).Basis);
        Assert.Equal(RatioBasis.Default, estimator.Find("anthropic", "m", TokenSide.Output).Basis);
    }

    [Fact]
    public void HeldBack_EveryCallAlike_IsWithoutError()
    {
        var error = Assert.Single(EstimateError.HeldBack(Rows("m", 60, 5)));
        Assert.Equal((30, 0, 0, 250), (error.Rows, error.MedianPermille, error.NinetiethPermille, error.UncalibratedPermille));
    }

    [Fact]
    public void HeldBack_OddCallsOtherThanTheEven_ShowsTheDifference()
    {
        // Calibrated on 4 bytes a token, measured on 2: half as many tokens as were reported.
        var calls = Rows("m", 60, 4).Zip(Rows("m", 60, 2), (even, odd) => (TokenSample[])[even, odd]).SelectMany(pair => pair);
        Assert.Equal(500, Assert.Single(EstimateError.HeldBack(calls)).MedianPermille);
    }

    private static TokenEstimator Calibrated(IEnumerable<TokenSample> samples) => new(TokenEstimator.Measure(samples));

    private static IEnumerable<TokenSample> Rows(string model, int count, int bytesPerToken) =>
        Enumerable.Range(1, count).Select(_ => new TokenSample("openai", model, TokenSide.Output, 1_000L * bytesPerToken, 1_000));
}
