namespace Governance.Web.Proxy;

/// <summary>
/// Ends a call to a provider that stays silent for too long. Once the caller has hung up, the rest of the answer is read on for a
/// bounded time, to learn what it cost.
/// </summary>
internal sealed class UpstreamDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _activity;
    private readonly TimeSpan _drain;
    private readonly CancellationTokenRegistration _callerGone;
    private volatile bool _draining;

    public UpstreamDeadline(TimeSpan activity, TimeSpan drain, TimeProvider time, CancellationToken callerGone)
    {
        _activity = activity;
        _drain = drain;
        _source = new CancellationTokenSource(activity, time);
        _callerGone = callerGone.Register(OnCallerGone);
    }

    public CancellationToken Token => _source.Token;

    public bool CallerGone => _draining;

    /// <summary>The provider gave a sign of life.</summary>
    public void Touch()
    {
        if (!_draining) _source.CancelAfter(_activity);
    }

    public void OnCallerGone()
    {
        if (_draining) return;
        _draining = true;
        _source.CancelAfter(_drain);
    }

    public void Dispose()
    {
        _callerGone.Dispose();
        _source.Dispose();
    }
}
