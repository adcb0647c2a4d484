using Governance.Web.Components.Pages.Access;
using Governance.Web.Components.Pages.AccessReviews;
using Governance.Web.Components.Pages.Approvals;
using Governance.Web.Components.Pages.Audit;
using Governance.Web.Components.Pages.Connections;
using Governance.Web.Components.Pages.Costs;
using Governance.Web.Components.Pages.DeadLetters;
using Governance.Web.Components.Pages.Keys;
using Governance.Web.Components.Pages.Limits;
using Governance.Web.Components.Pages.Overview;
using Governance.Web.Components.Pages.People;
using Governance.Web.Components.Pages.Prices;
using Governance.Web.Components.Pages.Prices.Charges;
using Governance.Web.Components.Pages.Prices.Estimates;
using Governance.Web.Components.Pages.Requests;
using Governance.Web.Components.Pages.Sessions;
using Governance.Web.Components.Pages.Teams;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Http.HttpResults;
using Radzen;

namespace Governance.Web.Components;

/// <summary>The pages and what they are drawn from.</summary>
internal static class UserInterfaceServices
{
    public static IServiceCollection AddUserInterface(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        return services
            .AddScoped<ViewerLoader>()
            .AddScoped<CircuitHandler, ActivityWatch>()
            .AddSingleton<SpendCharts>()
            .AddSingleton<OverviewQueries>()
            .AddSingleton<CostsReportQueries>();
    }

    /// <summary>Maps the pages and their downloads; an address nobody knows shows the page that says so.</summary>
    public static void MapUserInterface(this WebApplication app)
    {
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapExports();
        app.MapFallback("{*path}", () => new RazorComponentResult<App> { StatusCode = StatusCodes.Status404NotFound }).ExcludeFromDescription();
    }

    /// <summary>The downloads that pages offer. Those of the audit log record themselves, with what they hold.</summary>
    private static void MapExports(this IEndpointRouteBuilder endpoints)
    {
        var recorded = endpoints.MapGroup("").AddEndpointFilter<RouteGroupBuilder, RecordedDownloads>();
        recorded.MapCostsCsv();
        recorded.MapRequestsCsv();
        recorded.MapKeysCsv();
        recorded.MapPricesCsv();
        recorded.MapChargesCsv();
        recorded.MapEstimatesCsv();
        recorded.MapPeopleCsv();
        recorded.MapTeamsCsv();
        recorded.MapAccessReviewExports();
        recorded.MapSessionsCsv();
        recorded.MapApprovalsCsv();
        recorded.MapRolesCsv();
        recorded.MapProvidersCsv();
        recorded.MapLimitsCsv();
        recorded.MapRoutesCsv();
        recorded.MapDeadLettersCsv();
        endpoints.MapAuditExports();
    }
}
