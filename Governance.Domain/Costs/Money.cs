namespace Governance.Domain.Costs;

/// <summary>
/// An amount of money in nano-dollars (10⁻⁹ US dollar), the unit of the ledger. Providers bill in US dollars;
/// a <see cref="long"/> of nano-dollars reaches 9.2 billion dollars and adds up without error.
/// </summary>
public readonly record struct Money(long NanoUsd) : IComparable<Money>
{
    public const long NanoPerDollar = 1_000_000_000;

    public static Money Zero => default;

    public decimal Dollars => NanoUsd / (decimal)NanoPerDollar;

    /// <summary>Converts exactly; an amount finer than a nano-dollar is an error.</summary>
    /// <exception cref="ArgumentException">The amount has more than nine decimals.</exception>
    public static Money FromDollars(decimal dollars)
    {
        var nano = dollars * NanoPerDollar;
        return nano == decimal.Truncate(nano)
            ? new Money((long)nano)
            : throw new ArgumentException($"{dollars} dollars is finer than a nano-dollar.", nameof(dollars));
    }

    public static Money operator +(Money left, Money right) => new(checked(left.NanoUsd + right.NanoUsd));

    public static Money operator -(Money left, Money right) => new(checked(left.NanoUsd - right.NanoUsd));

    public static Money operator -(Money value) => new(checked(-value.NanoUsd));

    public static bool operator <(Money left, Money right) => left.NanoUsd < right.NanoUsd;

    public static bool operator >(Money left, Money right) => left.NanoUsd > right.NanoUsd;

    public static bool operator <=(Money left, Money right) => left.NanoUsd <= right.NanoUsd;

    public static bool operator >=(Money left, Money right) => left.NanoUsd >= right.NanoUsd;

    public int CompareTo(Money other) => NanoUsd.CompareTo(other.NanoUsd);
}
