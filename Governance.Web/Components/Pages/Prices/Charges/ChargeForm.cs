using Governance.Domain.Costs;
using Governance.Infrastructure.Costs.Recurring;

namespace Governance.Web.Components.Pages.Prices.Charges;

/// <summary>What a person types to enter a recurring charge.</summary>
internal sealed class ChargeForm
{
    public string Provider { get; set; } = "";

    public ChargeKind Kind { get; set; }

    public string Description { get; set; } = "";

    public decimal? Amount { get; set; }

    public ChargePeriod Period { get; set; }

    /// <summary>Empty for the organisation as a whole.</summary>
    public string Team { get; set; } = "";

    public DateOnly? FirstDay { get; set; }

    public DateOnly? LastDay { get; set; }

    /// <summary>What is asked of the service; the amount and the first day must be given.</summary>
    public NewCharge? ToCharge() => Amount is not { } amount || FirstDay is not { } first ? null : new NewCharge
    {
        Provider = Provider,
        Kind = Kind,
        Description = Description,
        Amount = amount,
        Period = Period,
        TeamId = Guid.TryParse(Team, out var team) ? team : null,
        FirstDay = first,
        LastDay = LastDay,
    };
}
