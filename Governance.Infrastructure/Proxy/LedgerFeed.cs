using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy;

/// <summary>Tells pages of this process that something was booked, so that they refresh. It carries no data: pages ask again.</summary>
public sealed class LedgerFeed
{
    /// <summary>Raised after the commit, with the organisation. Handlers return at once.</summary>
    public event Action<Guid>? Booked;

    internal void Publish(LedgerEntry entry) => Booked?.Invoke(entry.OrganizationId);
}
