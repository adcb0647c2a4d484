using System.Diagnostics.Metrics;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Jobs;

/// <summary>How much work there is, counted every few seconds: whoever reads metrics, however often, costs the database nothing.</summary>
internal sealed class WorkFigures(GovernanceDatabase database, TimeProvider time, IOptions<WorkQueueOptions> options) : IJob
{
    private const string Working = "working";
    private readonly Dictionary<Series, (long Count, double Seconds)> _figures = [];
    private readonly Lock _gate = new();

    public string Name => "work-figures";

    public TimeSpan Interval => options.Value.CountInterval;

    public JobScope Scope => JobScope.EveryProcess;

    public IEnumerable<Measurement<long>> Counts => Read((series, figure) => new Measurement<long>(figure.Count, series.Tags()));

    public IEnumerable<Measurement<double>> Ages => Read((series, figure) => new Measurement<double>(figure.Seconds, series.Tags()));

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.AcrossOrganizations();
        var rows = await db.WorkItems
            .GroupBy(item => new { item.OrganizationId, item.Kind, item.State, IsLocked = item.LockedUntil != null && item.LockedUntil >= now })
            .Select(group => new { group.Key, Count = group.LongCount(), Oldest = group.Min(item => item.CreatedAt) })
            .ToListAsync(cancellation);
        lock (_gate)
        {
            // What there is nothing of any more is nought: a series that is left out would keep its last value.
            foreach (var series in _figures.Keys.ToList()) _figures[series] = default;
            foreach (var row in rows)
            {
                var state = row.Key.IsLocked ? Working : row.Key.State.ToString().ToLowerInvariant();
                _figures[new Series(row.Key.OrganizationId, row.Key.Kind, state)] = (row.Count, Math.Max(0, (now - row.Oldest).TotalSeconds));
            }
        }
    }

    private List<T> Read<T>(Func<Series, (long Count, double Seconds), T> measure)
    {
        lock (_gate) return [.. _figures.Select(figure => measure(figure.Key, figure.Value))];
    }

    private sealed record Series(Guid Organization, string Kind, string State)
    {
        public KeyValuePair<string, object?>[] Tags() =>
            [new(ProxyMetrics.Organization, Organization.ToString()), new("governance.work.kind", Kind), new("governance.work.state", State)];
    }
}
