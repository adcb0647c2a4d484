namespace Governance.Infrastructure.Costs;

/// <summary>What costs can be summed by.</summary>
public enum CostDimension
{
    Day,

    /// <summary>The hour of the day in the organisation's reporting zone.</summary>
    Hour,
    Team,
    Application,
    Key,
    Model,
    Provider,

    /// <summary>The end user on whose behalf an application called.</summary>
    Person,

    /// <summary>The month in the organisation's reporting zone.</summary>
    Month,
}
