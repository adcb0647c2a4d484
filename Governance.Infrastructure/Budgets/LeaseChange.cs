namespace Governance.Infrastructure.Budgets;

/// <summary>What a transaction of the ledger does to slices. Calls see what is added to them only once it is committed.</summary>
internal sealed class LeaseChange(LeaseBook book, TimeSpan idleAfter)
{
    /// <summary>Slices to be given back.</summary>
    public IReadOnlyList<(Guid ScopeId, PeriodKey Period)> Idle { get; } = book.Idle(idleAfter);

    /// <summary>What was added to slices.</summary>
    public List<(Guid ScopeId, PeriodKey Period, long Amount)> Enlarged { get; } = [];

    /// <summary>What calls had drawn that were settled, and how much of that leaves the slice.</summary>
    public List<(PeriodKey Period, long Amount, long Leaves)> Settled { get; } = [];

    /// <summary>What was taken away from calls, to be given back.</summary>
    public List<(PeriodKey Period, long Amount)> Taken { get; } = [];

    /// <summary>The budgets of scopes, as they were read under lock.</summary>
    public Dictionary<Guid, IReadOnlyList<Budget>> Read { get; } = [];

    public LeaseBook Book => book;

    /// <summary>Takes what is free of a slice.</summary>
    public long Take(PeriodKey period)
    {
        var amount = book.Take(period);
        if (amount > 0) Taken.Add((period, amount));
        return amount;
    }

    public void Commit() => book.Apply(this);

    /// <summary>
    /// Nothing was written, so nothing was given back, unless the database did not say whether it committed: then it stays away from calls. Whoever
    /// cannot write must not go on drawing.
    /// </summary>
    public void Rollback(bool mayBeCommitted) => book.Restore(this, taken: mayBeCommitted);
}
