using FsCheck;
using FsCheck.Fluent;
using Governance.Domain.Costs;
using Governance.Domain.Organizations;

namespace Governance.Domain.Tests.Costs;

public sealed class RecurringChargeTests
{
    private static readonly Gen<DateOnly> Days = Gen.Choose(0, 1500).Select(offset => new DateOnly(2024, 1, 1).AddDays(offset));

    private static readonly Gen<Money> Amounts = Gen.OneOf(
        Gen.Choose(1, 60).Select(nano => new Money(nano)),
        Gen.Choose(1, 100_000_000).Select(cents => new Money(cents * 10_000_000L)));

    private static readonly Gen<RecurringCharge> Terms =
        from amount in Amounts
        from first in Days
        from length in Gen.Choose(1, 800)
        select new RecurringCharge(amount, ChargePeriod.Term, first, first.AddDays(length - 1));

    [Fact]
    public void SpreadOver_WholeTerm_AddsUpToTheAmountInNearlyEqualShares() => Law.Holds(Terms, charge =>
    {
        var shares = charge.SpreadOver(new DayRange(charge.FirstDay, charge.LastDay!.Value));
        Assert.Equal(charge.Amount.NanoUsd, shares.Sum(share => share.NanoUsd));
        Assert.True(shares.Max(share => share.NanoUsd) - shares.Min(share => share.NanoUsd) <= 1);
    });

    [Fact]
    public void SpreadOver_WholeMonths_EachAddUpToTheAmount() => Law.Holds(
        from amount in Amounts
        from day in Days
        select (Charge: new RecurringCharge(amount, ChargePeriod.Month, new DateOnly(2024, 1, 1), null), day),
        one =>
        {
            var first = new DateOnly(one.day.Year, one.day.Month, 1);
            Assert.Equal(one.Charge.Amount, one.Charge.Over(new DayRange(first, first.AddMonths(1).AddDays(-1))));
        });

    [Fact]
    public void Over_DaysCutInTwo_AddsUp() => Law.Holds(
        from charge in Terms
        from start in Gen.Choose(-20, 400)
        from left in Gen.Choose(1, 60)
        from right in Gen.Choose(1, 60)
        select (charge, start, left, right),
        cut =>
        {
            var from = cut.charge.FirstDay.AddDays(cut.start);
            var (middle, to) = (from.AddDays(cut.left - 1), from.AddDays(cut.left + cut.right - 1));
            Assert.Equal(
                cut.charge.Over(new DayRange(from, to)),
                cut.charge.Over(new DayRange(from, middle)) + cut.charge.Over(new DayRange(middle.AddDays(1), to)));
        });

    [Fact]
    public void On_EndedCharge_KeepsTheSharesOfTheDaysBefore() => Law.Holds(
        from charge in Terms
        from after in Gen.Choose(-1, 900)
        select (charge, charge.FirstDay.AddDays(after)),
        ended =>
        {
            var (charge, last) = ended;
            var cut = charge with { EndedAfter = last };
            foreach (var day in new DayRange(charge.FirstDay.AddDays(-2), charge.LastDay!.Value.AddDays(2)).EachDay())
                Assert.Equal(day <= last ? charge.On(day) : Money.Zero, cut.On(day));
        });

    [Fact]
    public void SpreadOver_TenNanosOverFebruary_GivesThemToTheFirstDays()
    {
        var charge = new RecurringCharge(new Money(10), ChargePeriod.Month, new DateOnly(2026, 2, 1), null);
        var shares = charge.SpreadOver(new DayRange(new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 28)));
        Assert.Equal([.. Enumerable.Repeat(1L, 10), .. Enumerable.Repeat(0L, 18)], shares.Select(share => share.NanoUsd));
    }

    [Fact]
    public void Over_MonthThatBeganInTheMiddle_BearsTheShareOfItsDays()
    {
        var charge = new RecurringCharge(Money.FromDollars(300), ChargePeriod.Month, new DateOnly(2026, 6, 21), null);
        Assert.Equal(Money.FromDollars(100), charge.Over(new DayRange(new DateOnly(2026, 6, 1), new DateOnly(2026, 6, 30))));
    }
}
