using Governance.Domain.Audit;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Web.Components.Shared;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>How many events there were over time, stacked by severity.</summary>
/// <param name="Buckets">Days, or weeks or months where a period has many.</param>
/// <param name="Series">The severities that occur, the quietest first.</param>
public sealed record AuditActivity(IReadOnlyList<SpendBucket> Buckets, IReadOnlyList<AuditSeries> Series)
{
    public long Total => Series.Sum(series => series.Total);

    public string Unit => SpendChart.UnitOf(Buckets);

    public static AuditActivity Build(DayRange days, IReadOnlyList<AuditDay> counts)
    {
        // Events are counted by day, so a single day is one column.
        var buckets = days.Days == 1 ? [new SpendBucket(days.From, days.To, null)] : SpendChart.BucketsOf(days);
        var series = counts.GroupBy(count => count.Severity).OrderBy(group => group.Key).Select(group =>
            new AuditSeries(group.Key, [.. buckets.Select(bucket => group.Where(count => bucket.Days.Contains(count.Day)).Sum(count => count.Events))]));
        return new AuditActivity(buckets, [.. series]);
    }
}

/// <summary>The events of a severity, by bucket.</summary>
public sealed record AuditSeries(AuditSeverity Severity, IReadOnlyList<long> Events)
{
    public long Total => Events.Sum();
}
