using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Budgets;

/// <summary>
/// Whether a process sets slices of hard budgets aside for itself, so that calls need not wait for the database before they are made
/// (docs/adr/0022-leased-budgets.md).
/// </summary>
public sealed class LeaseOptions
{
    public const string Section = "Budgets:Leases";

    /// <summary>Off: each call's ceiling is committed to the database before its provider is called.</summary>
    public bool Enabled { get; set; }

    /// <summary>The largest slice of one budget, in dollars.</summary>
    [Range(0.01, 1_000_000)]
    public decimal LargestUsd { get; set; } = 100;

    /// <summary>The part of what is free in a budget that one process takes at most: the less is left, the smaller are the slices.</summary>
    [Range(0.001, 0.5)]
    public double Share { get; set; } = 0.1;

    /// <summary>A slice from which nobody drew for so long is given back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a process may rely on the set of budgets that it read; new budgets and limits are known to it after that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Freshness { get; set; } = TimeSpan.FromSeconds(2);
}
