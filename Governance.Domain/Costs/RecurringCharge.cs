using Governance.Domain.Organizations;

namespace Governance.Domain.Costs;

/// <summary>How often a recurring charge falls due.</summary>
public enum ChargePeriod
{
    /// <summary>Once a calendar month.</summary>
    Month,

    /// <summary>Once, for all days from the first to the last.</summary>
    Term,
}

/// <summary>
/// A charge that does not depend on calls: provisioned throughput, a commitment, seats. Each day bears its share of the period it lies in, so that
/// costs of any days can be added up; a month or term in full adds up to the amount, to the nano-dollar.
/// </summary>
/// <param name="Amount">What a period costs.</param>
/// <param name="Period">How often.</param>
/// <param name="FirstDay">The first day it holds, in the organisation's reporting zone.</param>
/// <param name="LastDay">The last one that was agreed; none if it is open. A term has one.</param>
/// <param name="EndedAfter">The last day it really held, where it was ended before; the shares of the days up to then do not move.</param>
public sealed record RecurringCharge(Money Amount, ChargePeriod Period, DateOnly FirstDay, DateOnly? LastDay, DateOnly? EndedAfter = null)
{
    /// <summary>Whether a day bears a share.</summary>
    public bool HoldsOn(DateOnly day) => day >= FirstDay && (LastDay is null || day <= LastDay) && (EndedAfter is null || day <= EndedAfter);

    /// <summary>What a day bears.</summary>
    public Money On(DateOnly day)
    {
        if (!HoldsOn(day)) return Money.Zero;
        return Period == ChargePeriod.Month
            ? Share(DateTime.DaysInMonth(day.Year, day.Month), day.Day - 1)
            : Share(new DayRange(FirstDay, LastDay!.Value).Days, day.DayNumber - FirstDay.DayNumber);
    }

    /// <summary>What each of some days bears, in their order.</summary>
    public IReadOnlyList<Money> SpreadOver(DayRange days) => [.. days.EachDay().Select(On)];

    /// <summary>What some days bear together.</summary>
    public Money Over(DayRange days) => SpreadOver(days).Aggregate(Money.Zero, (sum, share) => sum + share);

    /// <summary>Equal shares by the largest remainder: all remainders are equal, so that the first days take the nano-dollars that are left.</summary>
    private Money Share(int days, int index)
    {
        var (share, left) = Math.DivRem(Amount.NanoUsd, days);
        return new Money(share + (index < left ? 1 : 0));
    }
}
