using FsCheck.Fluent;
using Governance.Domain.Costs;

namespace Governance.Domain.Tests.Costs;

public sealed class MoneyTests
{
    [Fact]
    public void FromDollars_WholeNanoDollars_RoundTrips() => Law.Holds(
        Gen.Choose(int.MinValue, int.MaxValue).Select(value => (long)value * 1_000_003),
        nano => Assert.Equal(nano, Money.FromDollars(new Money(nano).Dollars).NanoUsd));

    [Fact]
    public void FromDollars_FinerThanANanoDollar_Throws() => Assert.Throws<ArgumentException>(() => Money.FromDollars(0.0000000001m));

    [Fact]
    public void FromDollars_BeyondTheRange_Throws() => Assert.Throws<OverflowException>(() => Money.FromDollars(10_000_000_000m));

    [Fact]
    public void Add_BeyondTheRange_ThrowsAndDoesNotWrap() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));

    [Fact]
    public void Negate_SmallestAmount_ThrowsAndDoesNotWrap() => Assert.Throws<OverflowException>(() => -new Money(long.MinValue));

    [Fact]
    public void Operators_AnyAmounts_FollowTheirNanoDollars() => Law.Holds(
        from left in Gen.Choose(int.MinValue, int.MaxValue)
        from right in Gen.Choose(int.MinValue, int.MaxValue)
        select (Left: (long)left, Right: (long)right),
        pair =>
        {
            var (left, right) = (new Money(pair.Left), new Money(pair.Right));
            Assert.Equal(pair.Left + pair.Right, (left + right).NanoUsd);
            Assert.Equal(left, left + right - right);
            Assert.Equal(pair.Left < pair.Right, left < right);
            Assert.Equal(pair.Left >= pair.Right, left >= right);
            Assert.Equal(pair.Left.CompareTo(pair.Right), left.CompareTo(right));
        });
}
