using Governance.Infrastructure.Costs.Recurring;

namespace Governance.Web.Components.Pages.Prices.Charges;

/// <summary>How a recurring charge is named and where it stands on a day.</summary>
internal static class ChargeStates
{
    public static string Name(ChargeKind kind) => kind switch
    {
        ChargeKind.ProvisionedThroughput => "Provisioned throughput",
        ChargeKind.Commitment => "Commitment",
        ChargeKind.Seats => "Seats",
        _ => "Other",
    };

    public static PriceState StateOf(ChargeContract charge, DateOnly today) =>
        charge.EndedAfter is { } ended && ended < charge.FirstDay ? PriceState.Cancelled
        : charge.FirstDay > today ? PriceState.Scheduled
        : (charge.EndedAfter ?? charge.LastDay) is { } last && last < today ? PriceState.Ended
        : PriceState.InForce;
}
