namespace Governance.Infrastructure.Approvals;

/// <summary>Where a proposed change stands.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has decided yet.</summary>
    Pending,

    /// <summary>Claimed by whoever approves it. It lasts as long as the transaction that applies the change, so nobody else ever reads it.</summary>
    Approved,

    /// <summary>Somebody decided against it.</summary>
    Rejected,

    /// <summary>Whoever proposed it took it back.</summary>
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Expired,

    /// <summary>It was approved, or its approval waived, and has taken effect.</summary>
    Applied,

    /// <summary>It was approved, but could no longer be applied, because what it changes had changed.</summary>
    Failed,
}
