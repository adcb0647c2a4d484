namespace Governance.Infrastructure.Approvals;

/// <summary>From whose point of view proposals are listed.</summary>
public enum ApprovalView
{
    /// <summary>Those that wait for the reader.</summary>
    ToDecide,

    /// <summary>Those the reader proposed.</summary>
    Mine,

    /// <summary>Those that no longer wait.</summary>
    Decided,

    /// <summary>All that the reader may see.</summary>
    All,
}

/// <summary>Which proposals a list shows.</summary>
/// <param name="View">From whose point of view.</param>
/// <param name="State">In one state only.</param>
/// <param name="Kind">Of one sort only.</param>
public sealed record ApprovalFilter(ApprovalView View = ApprovalView.ToDecide, ApprovalState? State = null, string? Kind = null)
{
    internal IQueryable<ApprovalRequest> Narrow(IQueryable<ApprovalRequest> query, DateTimeOffset now)
    {
        if (View == ApprovalView.Decided) query = query.Where(row => row.State != ApprovalState.Pending || row.ExpiresAt <= now);
        if (Kind is not null) query = query.Where(row => row.Kind == Kind);
        return State switch
        {
            null => query,
            ApprovalState.Pending => query.Where(row => row.State == ApprovalState.Pending && row.ExpiresAt > now),
            ApprovalState.Expired => query.Where(row => row.State == ApprovalState.Expired || (row.State == ApprovalState.Pending && row.ExpiresAt <= now)),
            _ => query.Where(row => row.State == State),
        };
    }
}
