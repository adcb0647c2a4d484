using Governance.Domain;
using Governance.Infrastructure.Costs;
using Microsoft.Extensions.Logging;

namespace Governance.Infrastructure.Proxy;

/// <summary>
/// Tells what was booked, after the commit: to the metrics, to the log, and to the pages of this process, so that they refresh. Pages get
/// no data: they ask again.
/// </summary>
public sealed class LedgerFeed(ProxyMetrics metrics, ILogger<LedgerFeed> logger)
{
    /// <summary>Raised after the commit, with the organisation. Handlers return at once.</summary>
    public event Action<Guid>? Booked;

    internal void Publish(LedgerEntry entry, string operation)
    {
        metrics.Record(entry, operation);
        if (entry.RequestCount > 0)
        {
            Log.CallBooked(
                logger, PublicId.Format(PublicId.Request, entry.CallId), ProxyMetrics.ProviderOf(entry), metrics.ModelOf(entry), entry.Outcome, entry.Status,
                entry.DurationMs, entry.Usage.Prompt, entry.Usage.Completion, entry.CostNanoUsd);
        }

        Booked?.Invoke(entry.OrganizationId);
    }
}
