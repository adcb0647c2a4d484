using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>
/// What is counted for one organisation in this process. All of a call's limits are looked at and counted under one lock, so that a call that one of
/// them refuses is counted in none; the lock is held for well under a microsecond a limit.
/// </summary>
internal sealed class LimitBook(int maxCounters)
{
    private static readonly LimitMetric[] Metrics = Enum.GetValues<LimitMetric>();

    /// <summary>Looking for room costs time, so it is not done for every newcomer.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(LimitScope Scope, Guid ScopeId), LimitCounter> _counters = [];
    private readonly int[] _counts = new int[Enum.GetValues<LimitScope>().Length];
    private DateTimeOffset _sweptAt;

    public int Count
    {
        get
        {
            lock (_gate) return _counters.Count;
        }
    }

    /// <summary>Lets a call in under all its limits, or under none.</summary>
    /// <param name="limits">What applies to it.</param>
    /// <param name="tokens">What it may use.</param>
    /// <param name="now">When.</param>
    /// <param name="members">Who shares the limits.</param>
    public (LimitLease? Lease, LimitRefusal? Refusal) Enter(List<AppliedLimit> limits, long tokens, DateTimeOffset now, Membership members)
    {
        lock (_gate)
        {
            var asked = new List<(LimitScope Scope, Quota Quota, long Amount)>(limits.Count * 2);
            foreach (var limit in limits)
            {
                var counter = Counter(limit.Scope, limit.ScopeId, now);
                foreach (var metric in Metrics)
                {
                    if (limit.Values.Of(metric) is { } most) asked.Add((limit.Scope, counter.Get(metric, most), metric == LimitMetric.Tokens ? tokens : 1));
                }
            }

            if (Refuse(asked, now, members) is { } refusal) return (null, refusal);
            return (new LimitLease(this, [.. asked.Select(one => (one.Quota, one.Quota.Enter(now, one.Amount), one.Amount))]), null);
        }
    }

    public void Leave(LimitLease lease, long tokens)
    {
        lock (_gate)
        {
            foreach (var (quota, bucket, amount) in lease.Entries) quota.Leave(bucket, amount, tokens);
        }
    }

    /// <summary>Forgets whom nobody has called for.</summary>
    public void Sweep(DateTimeOffset now)
    {
        lock (_gate) SweepCounters(now);
    }

    /// <summary>Does something with every quota while nothing is counted.</summary>
    public void ForEach(Action<(LimitScope Scope, Guid ScopeId), Quota> action)
    {
        lock (_gate)
        {
            foreach (var (key, counter) in _counters)
            {
                foreach (var quota in counter.Quotas) action(key, quota);
            }
        }
    }

    /// <summary>Sees to it that there is a quota for what others use.</summary>
    public void Ensure(LimitScope scope, Guid scopeId, LimitMetric metric, long limit, DateTimeOffset now)
    {
        lock (_gate)
        {
            var counter = Counter(scope, scopeId, now);
            if (counter.Find(metric) is null) counter.Get(metric, limit);
        }
    }

    /// <summary>Changes how much may be used, while nothing is counted.</summary>
    public void Set(IEnumerable<(Quota Quota, long? Cap)> caps)
    {
        lock (_gate)
        {
            foreach (var (quota, cap) in caps) quota.Cap = cap;
        }
    }

    /// <summary>The refusal that lasts longest; where nothing is refused, none.</summary>
    private static LimitRefusal? Refuse(List<(LimitScope Scope, Quota Quota, long Amount)> asked, DateTimeOffset now, Membership members)
    {
        LimitRefusal? longest = null;
        foreach (var (scope, quota, amount) in asked)
        {
            if (amount > quota.Limit) return new LimitRefusal(scope, quota.Metric, quota.Limit, amount, null);
            if (quota.Wait(now, amount, members) is not { } seconds) continue;
            quota.Refused(now, amount);
            if (longest is null || seconds > longest.RetryAfter) longest = new LimitRefusal(scope, quota.Metric, quota.Limit, amount, seconds);
        }

        return longest;
    }

    /// <summary>Where there are too many to count one by one, newcomers are counted together.</summary>
    private LimitCounter Counter(LimitScope scope, Guid scopeId, DateTimeOffset now)
    {
        if (_counters.TryGetValue((scope, scopeId), out var known)) return known;
        if (_counts[(int)scope] >= maxCounters && now - _sweptAt >= SweepInterval) SweepCounters(now);
        if (_counts[(int)scope] >= maxCounters)
        {
            scopeId = RateLimit.Each;
            if (_counters.TryGetValue((scope, scopeId), out known)) return known;
        }

        _counts[(int)scope]++;
        return _counters[(scope, scopeId)] = new LimitCounter();
    }

    private void SweepCounters(DateTimeOffset now)
    {
        _sweptAt = now;
        foreach (var (key, counter) in _counters)
        {
            if (counter.IsIdle(now)) Remove(key);
        }
    }

    private void Remove((LimitScope Scope, Guid ScopeId) key)
    {
        if (_counters.Remove(key)) _counts[(int)key.Scope]--;
    }
}
