namespace Governance.Infrastructure.Approvals;

/// <summary>Tells pages of this process that something was proposed or decided, so that they refresh. It carries no data: pages ask again.</summary>
public sealed class ApprovalFeed
{
    /// <summary>Raised after the commit, with the organisation. Handlers return at once.</summary>
    public event Action<Guid>? Changed;

    internal void Publish(Guid organizationId) => Changed?.Invoke(organizationId);
}
