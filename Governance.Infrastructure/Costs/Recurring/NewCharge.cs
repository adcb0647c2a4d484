using Governance.Domain.Costs;

namespace Governance.Infrastructure.Costs.Recurring;

/// <summary>A recurring charge to enter.</summary>
public sealed record NewCharge
{
    public required string Provider { get; init; }

    public required ChargeKind Kind { get; init; }

    public required string Description { get; init; }

    /// <summary>US dollars a period.</summary>
    public required decimal Amount { get; init; }

    public required ChargePeriod Period { get; init; }

    /// <summary>The team that bears it; none for the organisation as a whole.</summary>
    public Guid? TeamId { get; init; }

    public required DateOnly FirstDay { get; init; }

    /// <summary>The last day; a term needs one, a monthly charge may be open.</summary>
    public DateOnly? LastDay { get; init; }
}
