namespace Governance.Testing;

/// <summary>A clock that stands still until a test moves it; timers fire in their order while it moves.</summary>
public sealed class FakeTime(DateTimeOffset? start = null) : TimeProvider
{
    /// <summary>A Monday morning on which every model of the starting price book has a price.</summary>
    public static readonly DateTimeOffset DefaultStart = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = start ?? DefaultStart;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait to fire; lets a test see that something has begun to wait.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate) return _timers.Count(timer => timer.DueAt is not null);
        }
    }

    /// <summary>Whether something waits for exactly so long from now, once.</summary>
    public bool IsAwaited(TimeSpan within)
    {
        lock (_gate) return _timers.Any(timer => timer.DueAt == _now + within && !timer.Repeats);
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        lock (_gate) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, stopping at each timer that falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (NextDue(target) is { } timer) timer.Fire();
        lock (_gate) _now = target > _now ? target : _now;
    }

    private FakeTimer? NextDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
            if (next is null) return null;
            if (next.DueAt > _now) _now = next.DueAt.Value;
            next.Schedule(_now);
            return next;
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Repeats => _period > TimeSpan.Zero;

        /// <summary>Sets when it fires again, or that it does not.</summary>
        public void Schedule(DateTimeOffset from) => DueAt = _period > TimeSpan.Zero ? from + _period : null;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (!time._timers.Contains(this)) return false;
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            }

            // A real timer of no delay fires at once, on another thread.
            if (dueTime == TimeSpan.Zero) ThreadPool.QueueUserWorkItem(_ => FireIfDue());
            return true;
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void FireIfDue()
        {
            lock (time._gate)
            {
                if (DueAt is null || DueAt > time._now) return;
                Schedule(time._now);
            }

            Fire();
        }
    }
}
