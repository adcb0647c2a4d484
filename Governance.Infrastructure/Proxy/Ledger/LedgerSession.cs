using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>
/// A connection on which the ledger is written, with prepared statements. Within a transaction: read what decides, decide
/// (<see cref="LedgerTransaction"/>), write.
/// </summary>
internal abstract class LedgerSession : IAsyncDisposable
{
    public abstract ValueTask BeginAsync();

    /// <summary>
    /// Reads what decides. Where something is decided, the budgets are locked first, so that no other transaction holds from them, and
    /// everything is as it is under that lock.
    /// </summary>
    public abstract ValueTask<LedgerState> ReadAsync(LedgerQuestion question);

    /// <summary>Writes rows, and adds sums to what is there; that a row does not fit may be found as late as at the commit.</summary>
    public abstract ValueTask WriteAsync(LedgerRows rows);

    public abstract ValueTask CommitAsync();

    /// <summary>Undoes what was not committed; does not throw.</summary>
    public abstract ValueTask RollbackAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>What a transaction has to know.</summary>
/// <param name="Decides">Whether it decides something by what there is. One that only adds what was spent and takes away what was held need not keep others waiting.</param>
/// <param name="Scopes">Whose budgets it touches.</param>
/// <param name="Days">On which days, in their organisations' zones, calls are opened, or drew from slices of budgets: they decide which periods are read.</param>
/// <param name="Processes">Processes whose slices of budgets are touched.</param>
internal sealed record LedgerQuestion(bool Decides, IReadOnlyCollection<Guid> Scopes, IReadOnlyCollection<DateOnly> Days, IReadOnlyCollection<Guid> Processes);

/// <summary>What there is.</summary>
/// <param name="Budgets">The budgets of the scopes.</param>
/// <param name="Periods">What is spent and held of them in the windows of the days; those without a row are absent.</param>
/// <param name="Leases">The processes' slices of budgets.</param>
internal sealed record LedgerState(List<Budget> Budgets, List<BudgetPeriod> Periods, List<BudgetLease> Leases)
{
    public LedgerState()
        : this([], [], [])
    {
    }
}

/// <summary>What a transaction writes.</summary>
internal sealed record LedgerRows
{
    public List<Call> Calls { get; } = [];

    public List<LedgerEntry> Entries { get; } = [];

    public List<CallAttempt> Attempts { get; } = [];

    public List<AuditEvent> Events { get; } = [];

    public List<AuditPart> Parts { get; } = [];

    /// <summary>What is added to budgets.</summary>
    public IReadOnlyList<BudgetPeriod> Periods { get; set; } = [];

    /// <summary>What is added to slices of budgets.</summary>
    public IReadOnlyList<BudgetLease> Leases { get; set; } = [];

    /// <summary>What is added to rollups.</summary>
    public IReadOnlyList<CostRollup> Rollups { get; set; } = [];
}

/// <summary>The tables that the ledger writes, as the model has them.</summary>
internal sealed class LedgerTables
{
    private static readonly string[] PeriodKey = [nameof(BudgetPeriod.BudgetId), nameof(BudgetPeriod.Start)];

    private static readonly string[] LeaseKey = [nameof(BudgetLease.InstanceId), nameof(BudgetLease.BudgetId), nameof(BudgetLease.Start)];

    private static readonly string[] LeaseSums = [nameof(BudgetLease.AmountNanoUsd)];

    private static readonly string[] PeriodSums = [nameof(BudgetPeriod.SpentNanoUsd), nameof(BudgetPeriod.HeldNanoUsd)];

    public LedgerTables(IModel model)
    {
        (Calls, Entries, Attempts, Events, Parts) = (new(model), new(model), new(model), new(model), new(model));
        (Periods, Leases, Rollups) = (new(model), new(model), new(model));
        AddToPeriod = AddTo(Periods.Name, PeriodKey, PeriodSums);
        AddToLease = AddTo(Leases.Name, LeaseKey, LeaseSums);
        AddToRollup = AddTo(Rollups.Name, Rollups.Key, Rollups.Columns.Select(column => column.Name).Except(Rollups.Key));
    }

    public RowTable<Call> Calls { get; }

    public RowTable<LedgerEntry> Entries { get; }

    public RowTable<CallAttempt> Attempts { get; }

    public RowTable<AuditEvent> Events { get; }

    public RowTable<AuditPart> Parts { get; }

    public RowTable<BudgetPeriod> Periods { get; }

    public RowTable<BudgetLease> Leases { get; }

    public RowTable<CostRollup> Rollups { get; }

    /// <summary>What follows an insert into <see cref="Periods"/>.</summary>
    public string AddToPeriod { get; }

    /// <summary>What follows an insert into <see cref="Leases"/>.</summary>
    public string AddToLease { get; }

    /// <summary>What follows an insert into <see cref="Rollups"/>.</summary>
    public string AddToRollup { get; }

    private static string AddTo(string table, IEnumerable<string> key, IEnumerable<string> sums) =>
        $""" ON CONFLICT ({string.Join(", ", key.Select(column => $"\"{column}\""))}) DO UPDATE SET {string.Join(", ", sums.Select(column => $"\"{column}\" = \"{table}\".\"{column}\" + excluded.\"{column}\""))}""";
}
