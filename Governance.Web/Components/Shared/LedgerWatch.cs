using Governance.Infrastructure.Proxy;

namespace Governance.Web.Components.Shared;

/// <summary>
/// Tells a page that something was booked for its organisation: right away, but at most once a second. Calls that another
/// process booked are noticed by looking every now and then.
/// </summary>
internal sealed class LedgerWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(30);

    private readonly LedgerFeed _feed;
    private readonly Guid _organizationId;
    private readonly Action _changed;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private DateTimeOffset _last;
    private bool _due;

    /// <param name="feed">Where bookings are announced.</param>
    /// <param name="organizationId">Whose bookings.</param>
    /// <param name="changed">Called on any thread; returns at once.</param>
    /// <param name="time">The clock.</param>
    public LedgerWatch(LedgerFeed feed, Guid organizationId, Action changed, TimeProvider time)
    {
        (_feed, _organizationId, _changed, _time) = (feed, organizationId, changed, time);
        _last = time.GetUtcNow();
        _timer = time.CreateTimer(_ => Fire(), null, IdleInterval, Timeout.InfiniteTimeSpan);
        feed.Booked += OnBooked;
    }

    private void OnBooked(Guid organizationId)
    {
        if (organizationId != _organizationId) return;
        lock (_lock)
        {
            if (_due) return;
            _due = true;
            var wait = _last + Interval - _time.GetUtcNow();
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire()
    {
        lock (_lock)
        {
            _due = false;
            _last = _time.GetUtcNow();
            _timer.Change(IdleInterval, Timeout.InfiniteTimeSpan);
        }

        _changed();
    }

    public void Dispose()
    {
        _feed.Booked -= OnBooked;
        _timer.Dispose();
    }
}
