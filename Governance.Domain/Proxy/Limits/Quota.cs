using Governance.Domain.Proxy.Resilience;

namespace Governance.Domain.Proxy.Limits;

/// <summary>What is used of one limit, and how much this process may use of it. Not safe for several threads.</summary>
/// <param name="metric">What it counts.</param>
public sealed class Quota(LimitMetric metric)
{
    /// <summary>How long it is remembered that something had to be refused: somebody who waits as they were told comes again in that time.</summary>
    private static readonly TimeSpan WantKept = TimeSpan.FromSeconds(3);

    private readonly SlidingWindow? _window = metric == LimitMetric.Concurrent ? null : new SlidingWindow();
    private long _inFlight;
    private DateTimeOffset _refusedAt;

    public LimitMetric Metric => metric;

    public long Limit { get; set; }

    /// <summary>The most this process may use; none for its even part.</summary>
    public long? Cap { get; set; }

    /// <summary>What other processes use, as far as they said.</summary>
    public long UsedElsewhere { get; set; }

    /// <summary>When the first of that counts no longer.</summary>
    public DateTimeOffset? FreesElsewhereAt { get; set; }

    /// <summary>What had to be refused lately for want of a larger share.</summary>
    public long Want { get; private set; }

    /// <summary>The smallest single amount of that.</summary>
    public long WantOne { get; private set; }

    public long Used(DateTimeOffset now) => _window?.Used(now) ?? _inFlight;

    public DateTimeOffset? FreesAt(DateTimeOffset now) => _window?.FreesAt(now);

    /// <summary>Whether nothing is lost if it is forgotten.</summary>
    public bool IsIdle(DateTimeOffset now) => Cap is null && Used(now) == 0 && !Wants(now);

    /// <summary>How long an amount has to wait, in whole seconds; none if it need not.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="amount">The amount, at most the limit.</param>
    /// <param name="members">Who shares the limit.</param>
    /// <remarks>
    /// It is the smallest number after which the amount fits if nothing else comes. Where room is in another process's share, it is the second in
    /// which shares move.
    /// </remarks>
    public int? Wait(DateTimeOffset now, long amount, Membership members)
    {
        var share = Cap ?? members.PartOf(Limit);
        if (Used(now) + amount <= share) return null;
        if (_window is null) return 1;
        if (members.IsAlone && Cap is null) return SecondsUntil(_window.FitsAt(now, amount, share)!.Value, now);
        if (Used(now) + UsedElsewhere + amount <= Limit) return 1;
        var here = _window.FitsAt(now, amount, Limit - UsedElsewhere);
        var until = here is null || FreesElsewhereAt < here ? FreesElsewhereAt ?? here : here;
        return until is null ? 1 : SecondsUntil(until.Value, now);
    }

    /// <summary>At least one, because whoever is refused now is not let in now.</summary>
    private static int SecondsUntil(DateTimeOffset until, DateTimeOffset now) => (int)Math.Max(1, RetryAfter.Seconds(until - now));

    /// <summary>Remembers that an amount was refused.</summary>
    public void Refused(DateTimeOffset now, long amount)
    {
        var known = Wants(now);
        Want = Math.Min(Limit, (known ? Want : 0) + amount);
        WantOne = known ? Math.Min(WantOne, amount) : amount;
        _refusedAt = now;
    }

    /// <summary>Counts an amount that was let through.</summary>
    /// <returns>Where, for <see cref="Leave"/>.</returns>
    public long Enter(DateTimeOffset now, long amount)
    {
        if (Want > 0) Want = Math.Max(0, Want - amount);
        if (_window is not null) return _window.Add(now, amount);
        _inFlight += amount;
        return 0;
    }

    /// <summary>Corrects what was counted when a call entered.</summary>
    /// <param name="bucket">Where it was counted.</param>
    /// <param name="counted">What was counted then.</param>
    /// <param name="used">What it was in truth.</param>
    public void Leave(long bucket, long counted, long used)
    {
        if (metric == LimitMetric.Concurrent) _inFlight -= counted;
        else if (metric == LimitMetric.Tokens) _window!.Correct(bucket, used - counted);
    }

    /// <summary>What there is to exchange about it.</summary>
    public QuotaNeed Need(DateTimeOffset now, Membership members)
    {
        if (!Wants(now)) (Want, WantOne) = (0, 0);
        var part = members.PartOf(Limit);
        return new QuotaNeed(Limit, part, Cap ?? part, Used(now), _window?.Recent(now) ?? 0, Want, WantOne);
    }

    private bool Wants(DateTimeOffset now) => Want > 0 && now - _refusedAt < WantKept;
}
