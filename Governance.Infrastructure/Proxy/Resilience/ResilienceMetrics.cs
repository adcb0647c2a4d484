using System.Diagnostics.Metrics;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>What is counted of attempts that failed, and how breakers stand.</summary>
public sealed class ResilienceMetrics
{
    private const string Connection = "governance.connection";

    private readonly ConnectionGates _gates;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _fallbacks;

    public ResilienceMetrics(IMeterFactory meters, ConnectionGates gates)
    {
        _gates = gates;
        var meter = meters.Create(ProxyMetrics.Source);
        _retries = meter.CreateCounter<long>("governance.retries", "{attempt}", "Attempts at the connection that had failed before, within a call.");
        _fallbacks = meter.CreateCounter<long>("governance.fallbacks", "{attempt}", "Attempts at another connection or model than the one before, within a call.");
        meter.CreateObservableGauge("governance.breaker.state", States, "{state}", "How a connection's circuit breaker stands in this process: 0 closed, 1 half-open, 2 open.");
        meter.CreateObservableGauge("governance.connection.calls", Inside, "{call}", "Calls that are on their way through a connection in this process.");
    }

    public void Retried(Guid organizationId, string connection) => _retries.Add(1, Tags(organizationId, connection));

    public void FellBack(Guid organizationId, string connection) => _fallbacks.Add(1, Tags(organizationId, connection));

    private IEnumerable<Measurement<int>> States() => _gates.All().Select(gate => new Measurement<int>(
        gate.Gate.State switch { BreakerState.Closed => 0, BreakerState.HalfOpen => 1, _ => 2 }, Tags(gate.Organization, gate.Connection)));

    private IEnumerable<Measurement<int>> Inside() => _gates.All().Select(gate => new Measurement<int>(gate.Gate.Inside, Tags(gate.Organization, gate.Connection)));

    private static KeyValuePair<string, object?>[] Tags(Guid organizationId, string connection) =>
        [KeyValuePair.Create<string, object?>(ProxyMetrics.Organization, organizationId.ToString()), KeyValuePair.Create<string, object?>(Connection, connection)];
}
