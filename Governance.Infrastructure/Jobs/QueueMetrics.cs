using System.Diagnostics.Metrics;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Hosting;

namespace Governance.Infrastructure.Jobs;

/// <summary>How much waits in this process to be written: what grows first when the database is slow.</summary>
internal sealed class QueueMetrics(IMeterFactory meters, CallLedger ledger, Spill spill, AuditSequencer sequencer, ContentWriter content, WorkFigures work) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(ProxyMetrics.Source);
        meter.CreateObservableGauge("governance.ledger.queue.length", () => ledger.Waiting, "{write}", "Writes of calls and outcomes that wait for the database.");
        meter.CreateObservableGauge("governance.spill.length", () => spill.Length, "By", "What waits in the spill file for the database to come back.");
        meter.CreateObservableGauge("governance.audit.backlog", () => sequencer.Backlog, "{event}", "Audit events that have no place in their log yet, at the last look.");
        meter.CreateObservableGauge("governance.content.queue.length", () => content.Waiting, "{call}", "Calls whose captured content waits for the database.");
        meter.CreateObservableGauge("governance.work.items", () => work.Counts, "{item}", "Durable work by kind and state, at the last count.");
        meter.CreateObservableGauge("governance.work.oldest.age", () => work.Ages, "s", "How old the oldest item of a kind and state was at the last count.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
