using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>A page over a part of the audit log; period, part and place stand in its URL.</summary>
public abstract class AuditViewPage : PeriodPage
{
    [Inject]
    private NavigationManager Address { get; set; } = default!;

    protected AuditView View { get; private set; } = AuditView.Everything;

    protected PagePlace Place { get; private set; } = PagePlace.First;

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        var query = QueryHelpers.ParseQuery(new Uri(Address.Uri).Query);
        View = AuditView.Parse(name => query.GetValueOrDefault(name));
        Place = PagePlace.Parse(query.GetValueOrDefault("cursor"), query.GetValueOrDefault("trail"));
    }
}
