using System.ComponentModel;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Proxy.Resilience;
using Governance.Infrastructure.Proxy.Resilience;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>Where calls for a model go, and where else when that fails.</summary>
/// <param name="RouteId">The route, as route_….</param>
/// <param name="Kind">The kind of provider under whose base it is called.</param>
/// <param name="Model">The model that callers ask for, or a prefix that ends in a star.</param>
/// <param name="Enabled">Whether calls follow it.</param>
/// <param name="Targets">Where such calls go.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record RouteResource(string RouteId, string Kind, string Model, bool Enabled, IReadOnlyList<RouteTargetResource> Targets, DateTimeOffset CreatedAt);

/// <summary>A connection and a model that a route may send calls to.</summary>
/// <param name="Connection">The connection's name.</param>
/// <param name="Model">The model to ask for there; null for the one that the caller asked for.</param>
/// <param name="Priority">1 to 100; the lowest goes first, the others only when all before them fail. 1 if left out.</param>
/// <param name="Weight">1 to 1000, its share among those of the same priority. 1 if left out.</param>
public sealed record RouteTargetResource(string Connection, string? Model = null, int Priority = 1, int Weight = 1);

/// <summary>The routes.</summary>
/// <param name="Items">By kind and model.</param>
/// <param name="Next">Always null: they come whole.</param>
public sealed record RouteList(IReadOnlyList<RouteResource> Items, string? Next);

/// <summary>What a route is to be.</summary>
/// <param name="Targets">Where calls go, at least one; a connection and model only once.</param>
/// <param name="Enabled">Whether calls follow it; true if left out.</param>
public sealed record RouteSetting(IReadOnlyList<RouteTargetResource> Targets, bool Enabled = true);

internal static class RoutesApi
{
    public static void MapRoutes(this RouteGroupBuilder api)
    {
        api.MapGet("/routes", ListAsync)
            .WithName("ListRoutes").WithSummary("Lists the routes: where calls for a model go, and where else when that fails.").RequireAuthorization(Permissions.ProvidersRead);
        api.MapPut("/routes/{kind}/{**model}", SetAsync)
            .WithName("SetRoute").WithSummary("Adds the route for a model, or changes it if there is one.")
            .WithDescription("It applies at once, and in other processes within seconds.").RequireAuthorization(Permissions.ProvidersManage);
        api.MapDelete("/routes/{routeId}", DeleteAsync)
            .WithName("DeleteRoute").WithSummary("Deletes a route. Its calls then go where they would without it.").RequireAuthorization(Permissions.ProvidersManage);
    }

    private static async Task<Ok<RouteList>> ListAsync(HttpContext http, RouteService routes) =>
        TypedResults.Ok(new RouteList([.. (await routes.ListAsync(http.User.ToActor(http), http.RequestAborted)).Select(ToResource)], null));

    private static async Task<Results<Ok<RouteResource>, ProblemHttpResult>> SetAsync(
        HttpContext http,
        RouteService routes,
        [Description("The kind of provider under whose base it is called, such as openai.")] string kind,
        [Description("The model that callers ask for, which may be a name of your own, or a prefix that ends in a star. It may hold slashes.")] string model,
        RouteSetting setting)
    {
        // An escaped slash is not unescaped where paths are.
        var name = model.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var targets = (setting.Targets ?? []).Select(target => new RouteTarget(target?.Connection ?? "", target?.Model, target?.Priority ?? 1, target?.Weight ?? 1));
        var set = await routes.SetAsync(http.User.ToActor(http), new RouteDraft(kind, name, [.. targets], setting.Enabled), http.RequestAborted);
        return set.Succeeded ? TypedResults.Ok(ToResource(set.Value)) : ApiProblems.Refused(set.Refusal);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(HttpContext http, RouteService routes, string routeId)
    {
        if (!PublicId.TryParse(PublicId.Route, routeId, out var id)) return ApiProblems.NotFound("There is no such route.");
        var deleted = await routes.DeleteAsync(http.User.ToActor(http), id, http.RequestAborted);
        return deleted.Succeeded ? TypedResults.NoContent() : ApiProblems.Refused(deleted.Refusal);
    }

    private static RouteResource ToResource(ModelRoute route) => new(
        route.PublicId, route.Kind, route.Model, route.Enabled,
        [.. route.Targets.Select(target => new RouteTargetResource(target.Connection, target.Model, target.Priority, target.Weight))], route.CreatedAt);
}
