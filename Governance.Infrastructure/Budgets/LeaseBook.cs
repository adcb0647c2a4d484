using System.Collections.Concurrent;
using Governance.Domain.Budgets;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Budgets;

/// <summary>What a call drew from its process's slices.</summary>
/// <param name="Periods">From the slice of which budgets and windows.</param>
/// <param name="AmountNanoUsd">How much from each: the call's ceiling.</param>
internal sealed record LeaseDraw(IReadOnlyList<PeriodKey> Periods, long AmountNanoUsd);

/// <summary>
/// This process's slices of budgets, as far as they are free for calls. A slice in the database is what is free here and what calls under way
/// have drawn; it is enlarged and given back by the ledger's transactions alone (<see cref="LeaseChange"/>).
/// </summary>
public sealed class LeaseBook(ProcessRegistry process, IOptions<LeaseOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Scope> _scopes = [];
    private readonly Dictionary<PeriodKey, Slice> _slices = [];
    private readonly ConcurrentDictionary<Guid, LeaseDraw> _draws = new();

    public bool Enabled => options.Value.Enabled;

    /// <summary>Whose slices they are.</summary>
    public Guid Holder => process.InstanceId;

    public LeaseOptions Options => options.Value;

    /// <summary>Whether there is anything to give back.</summary>
    public bool HasSlices
    {
        get
        {
            lock (_lock) return _slices.Count > 0;
        }
    }

    /// <summary>Draws a call's ceiling from the slices of all hard budgets it falls under.</summary>
    /// <returns>None if the database has to decide: a slice is too small, the budgets were read too long ago, or the call has no ceiling.</returns>
    internal LeaseDraw? TryDraw(Call call)
    {
        if (!Enabled || call.CeilingNanoUsd is not { } ceiling) return null;
        var now = time.GetTimestamp();
        var periods = new List<PeriodKey>(4);
        lock (_lock)
        {
            foreach (var id in BudgetCounters.ScopesOf(call))
            {
                if (!_scopes.TryGetValue(id, out var scope) || time.GetElapsedTime(scope.ReadAt, now) > options.Value.Freshness) return null;
                foreach (var budget in scope.Budgets)
                {
                    var start = budget.Window.StartOf(call.Day);
                    if (!budget.Hard || start < budget.CountsFrom) continue;
                    var period = new PeriodKey(budget.Id, start);
                    if (!_slices.TryGetValue(period, out var slice) || slice.Free < ceiling) return null;
                    periods.Add(period);
                }
            }

            foreach (var period in periods) _slices[period].Draw(ceiling, now);
        }

        return _draws[call.Id] = new LeaseDraw(periods, ceiling);
    }

    /// <summary>What a call drew that is settled now; none if it holds its money in the database.</summary>
    internal LeaseDraw? TakeDraw(Guid callId) => _draws.TryRemove(callId, out var draw) ? draw : null;

    /// <summary>Gives a draw back whose call is not made, nor recorded.</summary>
    public void Undo(Guid callId)
    {
        if (TakeDraw(callId) is not { } draw) return;
        lock (_lock)
        {
            foreach (var period in draw.Periods) Return(period, draw.AmountNanoUsd, leaves: 0);
        }
    }

    /// <summary>What a transaction of the ledger changes; to be committed or rolled back with it.</summary>
    /// <param name="idleAfter">Slices that nobody drew from for so long are given back.</param>
    internal LeaseChange Begin(TimeSpan idleAfter) => new(this, idleAfter);

    /// <summary>What is free of a slice.</summary>
    internal long FreeOf(PeriodKey period)
    {
        lock (_lock) return _slices.TryGetValue(period, out var slice) ? slice.Free : 0;
    }

    /// <summary>Takes what is free of a slice away from calls.</summary>
    internal long Take(PeriodKey period)
    {
        lock (_lock) return _slices.TryGetValue(period, out var slice) ? slice.Take() : 0;
    }

    /// <summary>Slices that nobody drew from of late, and whose budgets they are of.</summary>
    /// <param name="after">For how long.</param>
    internal IReadOnlyList<(Guid ScopeId, PeriodKey Period)> Idle(TimeSpan after)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            return
            [
                .. _slices.Where(slice => slice.Value.Free > 0 && time.GetElapsedTime(slice.Value.DrawnAt, now) >= after)
                    .Select(slice => (slice.Value.ScopeId, slice.Key)),
            ];
        }
    }

    internal void Apply(LeaseChange change)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            foreach (var (scope, period, amount) in change.Enlarged)
            {
                if (!_slices.TryGetValue(period, out var slice)) _slices[period] = slice = new Slice(scope, now);
                slice.Put(amount);
            }

            foreach (var (period, amount, leaves) in change.Settled) Return(period, amount, leaves);
            foreach (var period in change.Settled.Select(settled => settled.Period).Concat(change.Taken.Select(taken => taken.Period)))
            {
                if (_slices.TryGetValue(period, out var slice) && slice.IsEmpty) _slices.Remove(period);
            }

            foreach (var (scope, budgets) in change.Read) _scopes[scope] = new Scope(budgets, now);
        }
    }

    /// <param name="change">What was not written.</param>
    /// <param name="taken">Whether what it took away from calls may be gone from the database all the same.</param>
    internal void Restore(LeaseChange change, bool taken)
    {
        lock (_lock)
        {
            foreach (var (period, amount) in change.Taken)
            {
                if (!taken && _slices.TryGetValue(period, out var slice)) slice.Put(amount);
            }

            _scopes.Clear();
        }
    }

    private void Return(PeriodKey period, long amount, long leaves)
    {
        if (_slices.TryGetValue(period, out var slice)) slice.Return(amount, leaves);
    }

    private sealed record Scope(IReadOnlyList<Budget> Budgets, long ReadAt);

    /// <summary>A slice of a budget: what is free, and what calls under way have drawn.</summary>
    private sealed class Slice(Guid scopeId, long now)
    {
        private long _drawn;

        public Guid ScopeId => scopeId;

        public long Free { get; private set; }

        public long DrawnAt { get; private set; } = now;

        public bool IsEmpty => Free == 0 && _drawn == 0;

        public void Draw(long amount, long at) => (Free, _drawn, DrawnAt) = (Free - amount, _drawn + amount, at);

        public void Return(long amount, long leaves) => (Free, _drawn) = (Free + amount - leaves, _drawn - amount);

        public void Put(long amount) => Free += amount;

        public long Take()
        {
            var free = Free;
            Free = 0;
            return free;
        }
    }
}
