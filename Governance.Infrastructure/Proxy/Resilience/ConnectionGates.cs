using System.Collections.Concurrent;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>The gates of this process, one a connection of an organisation. A call asks memory only; what changes waits for <see cref="BreakerShare"/> to be written.</summary>
public sealed class ConnectionGates(IOptions<ResilienceOptions> options, ProcessRegistry process, TimeProvider time, ILogger<ConnectionGates> logger)
{
    /// <summary>While the database is away, so many changes wait; older ones are given up, because the latest says how it is.</summary>
    private const int MaxWaiting = 1000;

    private readonly ConcurrentDictionary<(Guid Organization, string Connection), ConnectionGate> _gates = new();
    private readonly ConcurrentQueue<BreakerEvent> _waiting = new();

    public ConnectionGate Of(Guid organizationId, string connection) =>
        _gates.TryGetValue((organizationId, connection), out var gate)
            ? gate
            : _gates.GetOrAdd((organizationId, connection), key => new ConnectionGate(options.Value, time, change => Keep(key.Organization, key.Connection, change)));

    /// <summary>Every gate that a call has come to.</summary>
    internal IEnumerable<(Guid Organization, string Connection, ConnectionGate Gate)> All() => _gates.Select(pair => (pair.Key.Organization, pair.Key.Connection, pair.Value));

    /// <summary>Takes what has changed and is not written yet.</summary>
    internal List<BreakerEvent> TakeWaiting()
    {
        var taken = new List<BreakerEvent>();
        while (_waiting.TryDequeue(out var change)) taken.Add(change);
        return taken;
    }

    /// <summary>Puts back what could not be written.</summary>
    internal void PutBack(IEnumerable<BreakerEvent> changes)
    {
        foreach (var change in changes) Wait(change);
    }

    /// <summary>Follows what another process saw.</summary>
    internal void Follow(BreakerEvent change)
    {
        if (Of(change.OrganizationId, change.Connection).Breaker.Follow(change.ToChange()))
            Log.BreakerFollowed(logger, change.Connection, change.To, change.ProcessId);
    }

    private void Keep(Guid organizationId, string connection, BreakerChange change)
    {
        Log.BreakerChanged(logger, connection, change.From, change.To, change.Reason, change.OpenUntil);
        Wait(BreakerEvent.Of(organizationId, connection, process.InstanceId, change));
    }

    private void Wait(BreakerEvent change)
    {
        _waiting.Enqueue(change);
        while (_waiting.Count > MaxWaiting) _waiting.TryDequeue(out _);
    }
}
