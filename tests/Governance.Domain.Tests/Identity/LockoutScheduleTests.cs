using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class LockoutScheduleTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(4, null)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 4)]
    [InlineData(10, 32)]
    [InlineData(11, 60)]
    [InlineData(12, 60)]
    [InlineData(100, 60)]
    [InlineData(int.MaxValue, 60)]
    public void LockAfter_Failures_GrowsUpToAnHour(int failures, int? minutes) =>
        Assert.Equal(minutes is { } expected ? TimeSpan.FromMinutes(expected) : null, LockoutSchedule.LockAfter(failures));
}
