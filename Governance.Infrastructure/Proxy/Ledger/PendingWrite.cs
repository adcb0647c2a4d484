using System.Diagnostics;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>Something that waits to be written, and whoever waits for that.</summary>
internal sealed class PendingWrite(LedgerWrite write)
{
    private readonly TaskCompletionSource<BudgetRefusal?> _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since = Stopwatch.GetTimestamp();

    public LedgerWrite Write => write;

    /// <summary>How a call ended, where the caller has its answer already: told to others once it is booked, and spilled if it cannot be.</summary>
    public (Call Call, CallResult Result)? Outcome { get; init; }

    public Task<BudgetRefusal?> Committed => _committed.Task;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

    public void Succeed(BudgetRefusal? refusal) => _committed.SetResult(refusal);

    public void Fail(Exception exception) => _committed.SetException(exception);
}
