namespace Governance.Domain.Proxy.Limits;

/// <summary>What a process knows of those that share limits with it.</summary>
/// <param name="Rank">How many joined before it.</param>
/// <param name="Count">How many there are with it.</param>
/// <param name="Active">Whether all others know of it, so that it may have its part.</param>
public sealed record Membership(int Rank, int Count, bool Active)
{
    public static Membership Alone { get; } = new(0, 1, true);

    /// <summary>One that has not joined yet, and so has a part of nothing.</summary>
    public static Membership Outside { get; } = new(0, 1, false);

    public bool IsAlone => Active && Count == 1;

    /// <summary>
    /// Its even part of a limit. What cannot be divided goes to those that joined first, so that nobody's part grows when somebody joins: the parts
    /// of those that know of the newcomer and of those that do not yet are never more than the limit together.
    /// </summary>
    public long PartOf(long limit) => Active ? PartOf(limit, Rank, Count) : 0;

    public static long PartOf(long limit, int rank, int count) => limit <= rank ? 0 : (limit - rank + count - 1) / count;
}
