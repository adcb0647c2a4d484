using FsCheck.Fluent;
using Governance.Domain.Jobs;

namespace Governance.Domain.Tests.Jobs;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(10, 2560)]
    [InlineData(11, 3600)]
    [InlineData(int.MaxValue, 3600)]
    public void After_Failures_DoublesUpToTheLongest(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.After(failures, First, Longest));

    [Fact]
    public void After_OneMoreFailure_NeverWaitsLess() => Law.Holds(
        Gen.Choose(0, 200),
        failures => Assert.True(Backoff.After(failures, First, Longest) <= Backoff.After(failures + 1, First, Longest)));
}
