namespace Governance.Domain.Proxy.Limits;

/// <summary>What this process has of a limit, and needs.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Part">The even part.</param>
/// <param name="Cap">The most it may use now.</param>
/// <param name="Used">What it has used.</param>
/// <param name="Recent">What it used in the last second.</param>
/// <param name="Want">What it had to refuse.</param>
/// <param name="WantOne">The smallest single amount of these.</param>
public readonly record struct QuotaNeed(long Limit, long Part, long Cap, long Used, long Recent, long Want, long WantOne)
{
    /// <summary>
    /// The most this process may use from now on. Claims are exchanged one process after the other, so that each sees what all others hold; a claim
    /// never covers less than what is used, and only grows by what nobody holds. Therefore all claims together stay within the limit, and so does
    /// what is used under them. Exceptions are a limit that is lowered, and calls that used more tokens than they were estimated to.
    /// </summary>
    /// <param name="others">What the others hold; those that died are among them as long as their use counts.</param>
    /// <param name="mayGrow">Whether everybody knows of everybody.</param>
    public long NextCap(IReadOnlyList<QuotaClaim> others, bool mayGrow)
    {
        var (held, wanting, isShort, earlierWants) = (0L, 0, false, false);
        foreach (var other in others)
        {
            held += other.Held;
            if (other.Want > 0) wanting++;
            isShort |= other.IsShort;
            earlierWants |= other is { Want: > 0, IsEarlier: true };
        }

        // Give: what others want and is not needed here; what is above the even part, if somebody is short of theirs; what was never free.
        var free = Math.Max(0, Limit - held - Math.Max(Cap, Used));
        var needed = Used + Math.Max(Recent, Want);
        if (earlierWants && Used + WantOne > Cap + free) needed = Used; // Two that both hold half of what one call needs would wait for ever.
        var cap = Math.Min(Cap, wanting > 0 ? needed : Math.Max(Part, needed));
        if (isShort) cap = Math.Min(cap, Part);
        if (Math.Max(cap, Used) + held > Limit) cap = Math.Min(cap, Math.Max(0, Limit - held));
        if (cap < Cap || free == 0 || !mayGrow) return cap;

        // Take: what is wanted, but no more than a share of what nobody holds, unless a single call needs it; else the even part back.
        if (Want > 0 && !(isShort && cap >= Part) && needed > cap)
            return cap + Math.Min(needed - cap, Math.Min(free, Math.Max(WantOne, free / (wanting + 1))));
        return wanting == 0 && cap < Part ? cap + Math.Min(Part - cap, free) : cap;
    }
}
