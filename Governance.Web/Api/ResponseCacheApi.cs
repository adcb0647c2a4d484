using System.ComponentModel;
using Governance.Domain.Identity;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>An application and how long answers to it are kept.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="Application">Its name.</param>
/// <param name="Seconds">For how many seconds; null where they are not kept.</param>
public sealed record ResponseCacheResource(Guid ApplicationId, string Application, int? Seconds);

/// <summary>The applications.</summary>
/// <param name="Items">By name.</param>
/// <param name="Next">Always null: they come whole.</param>
public sealed record ResponseCacheList(IReadOnlyList<ResponseCacheResource> Items, string? Next);

/// <summary>How long answers are to be kept.</summary>
/// <param name="Seconds">1 to 86400, one day.</param>
public sealed record ResponseCacheSetting(int Seconds);

internal static class ResponseCacheApi
{
    public static void MapResponseCache(this RouteGroupBuilder api)
    {
        api.MapGet("/response-cache", ListAsync)
            .WithName("ListResponseCaches").WithSummary("Lists the applications with how long answers to them are kept.").RequireAuthorization(Permissions.ProvidersRead);
        api.MapPut("/response-cache/{applicationId}", SetAsync)
            .WithName("SetResponseCache").WithSummary("Has answers to an application kept, so that the same request is answered again without its provider.")
            .WithDescription("It applies at once, and in other processes within seconds. Each process keeps the answers it has seen.").RequireAuthorization(Permissions.ProvidersManage);
        api.MapDelete("/response-cache/{applicationId}", RemoveAsync)
            .WithName("RemoveResponseCache").WithSummary("Has answers to an application no longer kept.").RequireAuthorization(Permissions.ProvidersManage);
    }

    private static async Task<Ok<ResponseCacheList>> ListAsync(HttpContext http, ResponseCacheService service) =>
        TypedResults.Ok(new ResponseCacheList([.. (await service.ListAsync(http.User.ToActor(http), http.RequestAborted)).Select(ToResource)], null));

    private static Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        HttpContext http, ResponseCacheService service, [Description("The application.")] string applicationId, ResponseCacheSetting setting) =>
        ChangeAsync(http, service, applicationId, TimeSpan.FromSeconds(setting.Seconds));

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(HttpContext http, ResponseCacheService service, [Description("The application.")] string applicationId) =>
        ChangeAsync(http, service, applicationId, null);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(HttpContext http, ResponseCacheService service, string applicationId, TimeSpan? keepFor)
    {
        if (!Guid.TryParse(applicationId, out var id)) return ApiProblems.NotFound("There is no such application.");
        var set = await service.SetAsync(http.User.ToActor(http), id, keepFor, http.RequestAborted);
        return set.Succeeded ? TypedResults.NoContent() : set.Refusal.Field is null ? ApiProblems.Refused(set.Refusal) : ApiProblems.Invalid("seconds", set.Refusal.Message);
    }

    private static ResponseCacheResource ToResource(ResponseCacheRow row) => new(row.ApplicationId, row.Name, (int?)row.KeepFor?.TotalSeconds);
}
