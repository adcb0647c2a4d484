using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Shared;

/// <summary>A page over a period, which stands in its URL.</summary>
public abstract class PeriodPage : ComponentBase
{
    [CascadingParameter]
    protected Viewer Viewer { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "period")]
    private string? PeriodName { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "compare")]
    private string? Compare { get; set; }

    protected PeriodChoice Period { get; private set; } = default!;

    protected Formats Formats => Viewer.Formats;

    protected override void OnParametersSet() => Period = PeriodChoice.Parse(PeriodName, From, To, Compare, Viewer.Today);
}
