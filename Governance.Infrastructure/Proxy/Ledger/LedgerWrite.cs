using System.Globalization;
using Governance.Domain.Audit;
using Governance.Domain.Budgets;
using Governance.Domain.Organizations;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;

namespace Governance.Infrastructure.Proxy.Ledger;

/// <summary>What is written to the ledger together, or not at all.</summary>
internal sealed record LedgerWrite
{
    /// <summary>A call that is new.</summary>
    public Call? Call { get; init; }

    /// <summary>Whether the call is about to be made, so that its ceiling is held on its budgets first.</summary>
    public bool Hold { get; init; }

    /// <summary>A fact of the ledger.</summary>
    public LedgerEntry? Entry { get; init; }

    /// <summary>The call whose outcome the entry is, as it was opened: what it holds is given back.</summary>
    public Call? Opened { get; init; }

    /// <summary>What the call drew from this process's slices of budgets, instead of holding it in the database.</summary>
    public LeaseDraw? Draw { get; init; }

    /// <summary>Whether another process opened that call, which is dead: what it does not hold itself it drew from that process's slices.</summary>
    public bool Abandoned { get; init; }

    public IReadOnlyList<CallAttempt> Attempts { get; init; } = [];

    /// <summary>The entry's leaf in the audit log.</summary>
    public SealedEvent? Leaf { get; init; }
}

/// <summary>Why a call was not opened: a hard budget could be exceeded.</summary>
/// <param name="Scope">Whose budget.</param>
/// <param name="Window">How often it begins anew.</param>
/// <param name="End">The first day of its next window; none if there is none.</param>
/// <param name="LimitNanoUsd">The limit.</param>
/// <param name="FreeNanoUsd">What is neither spent nor held; below zero after an overrun.</param>
/// <param name="CeilingNanoUsd">What the call may cost at most; none if its model has no price.</param>
public sealed record BudgetRefusal(BudgetScope Scope, BudgetWindow Window, DateOnly? End, long LimitNanoUsd, long FreeNanoUsd, long? CeilingNanoUsd)
{
    /// <summary>What the caller is told.</summary>
    /// <param name="zone">Where the window begins anew.</param>
    public ProxyError ToError(ReportingZone zone)
    {
        var window = Window switch
        {
            BudgetWindow.Day => "daily ",
            BudgetWindow.Week => "weekly ",
            BudgetWindow.Month => "monthly ",
            _ => "",
        };
        var budget = $"the {AuditLeaf.NameOf(Scope)}'s {window}budget of {Dollars(LimitNanoUsd)}";
        return ProxyErrors.BudgetExceeded(
            budget, Dollars(Math.Max(0, FreeNanoUsd)), CeilingNanoUsd is { } ceiling ? Dollars(ceiling) : null,
            End is { } end && !(CeilingNanoUsd > LimitNanoUsd) ? zone.StartOf(end) : null); // A call that is larger than the whole budget will not fit then, either.
    }

    /// <summary>Exact, and without needless zeros.</summary>
    private static string Dollars(long nanoUsd) => "$" + (nanoUsd / 1_000_000_000m).ToString("0.00#######", CultureInfo.InvariantCulture);
}
