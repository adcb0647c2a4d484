using Governance.Domain.Identity;

namespace Governance.Domain.Tests.Identity;

public sealed class KeyHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan AgeWarning = TimeSpan.FromDays(180);

    [Theory]
    [InlineData(179, null, false, false)]
    [InlineData(180, null, true, false)]
    [InlineData(1, 15, false, false)]
    [InlineData(1, 14, false, true)]
    [InlineData(200, 1, true, true)]
    public void Of_KeyThatWorks_WarnsByAgeAndEnd(int age, int? daysLeft, bool old, bool expiring) =>
        Assert.Equal(new KeyHealth(KeyState.Active, old, expiring), Of(age, daysLeft));

    [Theory]
    [InlineData(true, true, -1, KeyState.Revoked)]
    [InlineData(false, true, -1, KeyState.Expired)]
    [InlineData(false, true, 0, KeyState.Expired)]
    public void Of_KeyThatIsOver_WarnsOfNothing(bool revoked, bool ownerDisabled, int daysLeft, KeyState state) =>
        Assert.Equal(new KeyHealth(state, IsOld: false, IsExpiring: false), Of(400, daysLeft, revoked, ownerDisabled));

    [Fact]
    public void Of_KeyOfSomebodyDisabled_StillWarns() =>
        Assert.Equal(new KeyHealth(KeyState.OwnerDisabled, IsOld: true, IsExpiring: true), Of(400, 3, ownerDisabled: true));

    private static KeyHealth Of(int age, int? daysLeft, bool revoked = false, bool ownerDisabled = false) =>
        KeyHealth.Of(Now, revoked, ownerDisabled, daysLeft is { } days ? Now.AddDays(days) : null, Now.AddDays(-age), AgeWarning);
}
