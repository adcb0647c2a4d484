using System.Globalization;
using Governance.Domain.Budgets;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Governance.Infrastructure.Budgets;

/// <summary>How much may be spent in a window by whatever it is set for.</summary>
public sealed class Budget : IOrganizationOwned
{
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public BudgetScope Scope { get; init; }

    /// <summary>The key, application, team or organisation.</summary>
    public Guid ScopeId { get; init; }

    public BudgetWindow Window { get; init; }

    public long LimitNanoUsd { get; set; }

    /// <summary>Whether calls that may exceed the limit are refused; else it only counts.</summary>
    public bool Hard { get; set; }

    /// <summary>The first window that is counted: the one in which the budget was made.</summary>
    public DateOnly CountsFrom { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// What was spent and is held in one window of a budget. It changes in the transactions of the ledger alone, so that it is always
/// Σ ledger entries and Σ ceilings of open calls (docs/adr/0016-money-is-held-in-the-database.md).
/// </summary>
public sealed class BudgetPeriod : IOrganizationOwned
{
    public Guid BudgetId { get; init; }

    /// <summary>The window's first day.</summary>
    public DateOnly Start { get; init; }

    public Guid OrganizationId { get; init; }

    public long SpentNanoUsd { get; init; }

    public long HeldNanoUsd { get; init; }
}

/// <summary>Which <see cref="BudgetPeriod"/> it is.</summary>
/// <param name="BudgetId">Whose.</param>
/// <param name="Start">The window's first day.</param>
public readonly record struct PeriodKey(Guid BudgetId, DateOnly Start)
{
    private const int GuidLength = 36;

    /// <summary>Reads what <see cref="Format"/> wrote.</summary>
    public static IReadOnlyList<PeriodKey> Parse(string text)
    {
        if (text.Length == 0) return [];
        return Array.ConvertAll(text.Split(' '), part => new PeriodKey(
            Guid.ParseExact(part.AsSpan(0, GuidLength), "D"), DateOnly.ParseExact(part.AsSpan(GuidLength + 1), "yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    /// <summary>As <c>id@yyyy-MM-dd</c>, with a space between each; empty if there are none.</summary>
    public static string Format(IReadOnlyList<PeriodKey> keys) =>
        keys.Count == 0 ? "" : string.Join(' ', keys.Select(key => string.Create(CultureInfo.InvariantCulture, $"{key.BudgetId:D}@{key.Start:yyyy-MM-dd}")));
}

internal sealed class BudgetConfiguration : IEntityTypeConfiguration<Budget>
{
    public void Configure(EntityTypeBuilder<Budget> builder)
    {
        builder.HasIndex(budget => new { budget.ScopeId, budget.Window }).IsUnique();
        builder.HasIndex(budget => budget.OrganizationId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(budget => budget.OrganizationId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class BudgetPeriodConfiguration : IEntityTypeConfiguration<BudgetPeriod>
{
    public void Configure(EntityTypeBuilder<BudgetPeriod> builder)
    {
        builder.HasKey(period => new { period.BudgetId, period.Start });
        builder.HasOne<Budget>().WithMany().HasForeignKey(period => period.BudgetId).OnDelete(DeleteBehavior.Cascade);
    }
}
