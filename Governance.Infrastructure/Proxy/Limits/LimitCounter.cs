using Governance.Domain.Proxy.Limits;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>What one key, application, team, person or address uses.</summary>
internal sealed class LimitCounter
{
    private readonly Quota?[] _quotas = new Quota?[3];

    public IEnumerable<Quota> Quotas => _quotas.OfType<Quota>();

    public Quota? Find(LimitMetric metric) => _quotas[(int)metric];

    public Quota Get(LimitMetric metric, long limit)
    {
        var quota = _quotas[(int)metric] ??= new Quota(metric);
        quota.Limit = limit;
        return quota;
    }

    public bool IsIdle(DateTimeOffset now) => Array.TrueForAll(_quotas, quota => quota is null || quota.IsIdle(now));
}
