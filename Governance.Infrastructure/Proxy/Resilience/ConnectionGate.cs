using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>Lets calls through to one connection: as many at a time as are allowed, and none while its breaker is open.</summary>
public sealed class ConnectionGate
{
    private readonly int _limit;
    private readonly TimeProvider _time;
    private readonly Action<BreakerChange> _changed;
    private int _inside;

    internal ConnectionGate(ResilienceOptions options, TimeProvider time, Action<BreakerChange> changed)
    {
        (_limit, _time, _changed) = (options.MaxConcurrentCalls, time, changed);
        Breaker = new CircuitBreaker(options.BreakerRules());
    }

    internal CircuitBreaker Breaker { get; }

    /// <summary>How many calls are on their way.</summary>
    public int Inside => Volatile.Read(ref _inside);

    public BreakerState State => Breaker.StateAt(_time.GetUtcNow());

    /// <summary>How long until the breaker lets a call through; zero if it does now.</summary>
    public TimeSpan Wait => Breaker.WaitAt(_time.GetUtcNow());

    /// <summary>Lets a call in, or says why not. Whoever gets a pass disposes it.</summary>
    public (GatePass? Pass, ProxyError? Refusal) Enter()
    {
        // The place is taken first, because a trial that finds no place would be lost.
        if (Interlocked.Increment(ref _inside) > _limit)
        {
            Interlocked.Decrement(ref _inside);
            return (null, ProxyErrors.ConnectionBusy(_limit));
        }

        var entry = Breaker.Enter(_time.GetUtcNow());
        if (entry.Entered) return (new GatePass(this, entry), null);
        Interlocked.Decrement(ref _inside);
        return (null, ProxyErrors.ProviderUnavailable(entry.Wait));
    }

    internal void Leave(BreakerEntry entry, AttemptVerdict verdict, TimeSpan? wait)
    {
        Interlocked.Decrement(ref _inside);
        if (Breaker.Report(entry, verdict, wait, _time.GetUtcNow()) is { } change) _changed(change);
    }
}

/// <summary>A call that is on its way through a connection, until this is disposed.</summary>
public sealed class GatePass : IDisposable
{
    private readonly ConnectionGate _gate;
    private readonly BreakerEntry _entry;
    private AttemptVerdict _verdict = AttemptVerdict.Nothing;
    private TimeSpan? _wait;
    private int _left;

    internal GatePass(ConnectionGate gate, BreakerEntry entry) => (_gate, _entry) = (gate, entry);

    /// <summary>Says how it went. Without it, the call says nothing about the connection.</summary>
    public void Report(AttemptVerdict verdict, TimeSpan? wait) => (_verdict, _wait) = (verdict, wait);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) _gate.Leave(_entry, _verdict, _wait);
    }
}
