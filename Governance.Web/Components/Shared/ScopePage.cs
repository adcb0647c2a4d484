using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Shared;

/// <summary>A page over a part of the ledger; period and part stand in its URL.</summary>
public abstract class ScopePage : PeriodPage
{
    [SupplyParameterFromQuery(Name = "team")]
    private string? Team { get; set; }

    [SupplyParameterFromQuery(Name = "application")]
    private string? Application { get; set; }

    [SupplyParameterFromQuery(Name = "key")]
    private string? Key { get; set; }

    [SupplyParameterFromQuery(Name = "person")]
    private string? Person { get; set; }

    [SupplyParameterFromQuery(Name = "provider")]
    private string? Provider { get; set; }

    [SupplyParameterFromQuery(Name = "model")]
    private string? Model { get; set; }

    protected CostScope Scope { get; private set; } = CostScope.Everything;

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        Scope = CostScope.Parse(Team, Application, Key, Person, Provider, Model);
    }
}
