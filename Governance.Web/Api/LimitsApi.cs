using System.ComponentModel;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>A limit with how much of it is used now.</summary>
/// <param name="LimitId">The limit, as lim_….</param>
/// <param name="Scope">Whose calls it counts together: key, application, team, person or address.</param>
/// <param name="Target">The id of whoever it is set on; "default" for each of the kind that has no limit of its own.</param>
/// <param name="Name">What people call them; null for a default. Of an address the part that is counted: all of IPv4, 64 bits of IPv6.</param>
/// <param name="Requests">Calls in any 60 seconds; null if they are not limited.</param>
/// <param name="Tokens">Tokens in any 60 seconds; null if they are not limited.</param>
/// <param name="Concurrent">Calls at the same time; null if they are not limited.</param>
/// <param name="Active">How many it counts now: one at most, unless it is a default.</param>
/// <param name="ChangedAt">When it was last set.</param>
public sealed record LimitResource(
    string LimitId, string Scope, string Target, string? Name, LimitUseResource? Requests, LimitUseResource? Tokens, LimitUseResource? Concurrent, int Active, DateTimeOffset ChangedAt);

/// <summary>What is used of a limit.</summary>
/// <param name="Limit">How much is let through.</param>
/// <param name="Used">What is used now; of a default, by whoever uses most. Across processes, as far as they have told each other.</param>
public sealed record LimitUseResource(long Limit, long Used);

/// <summary>The limits.</summary>
/// <param name="Items">By kind, the defaults first.</param>
/// <param name="Next">Always null: they come whole.</param>
public sealed record LimitList(IReadOnlyList<LimitResource> Items, string? Next);

/// <summary>How much a limit lets through; what is absent or null is not limited, and at least one must be.</summary>
/// <param name="RequestsPerMinute">Calls in any 60 seconds.</param>
/// <param name="TokensPerMinute">Tokens in any 60 seconds, of prompts and answers together.</param>
/// <param name="ConcurrentRequests">Calls at the same time.</param>
public sealed record LimitSetting(long? RequestsPerMinute = null, long? TokensPerMinute = null, long? ConcurrentRequests = null);

internal static class LimitsApi
{
    public static void MapLimits(this RouteGroupBuilder api)
    {
        api.MapGet("/limits", ListAsync)
            .WithName("ListLimits").WithSummary("Lists the limits of requests and tokens with how much of them is used now.").RequireAuthorization(Permissions.LimitsRead);
        api.MapPut("/limits/{scope}/{target}", SetAsync)
            .WithName("SetLimit").WithSummary("Sets a limit, or changes it if there is one.")
            .WithDescription("It applies at once, and in other processes within seconds. A person is an end user as applications name them, or one of the organisation's people by mail address. A token that may not read limits gets 204.")
            .RequireAuthorization(Permissions.LimitsWrite);
        api.MapDelete("/limits/{limitId}", DeleteAsync)
            .WithName("DeleteLimit").WithSummary("Deletes a limit. The default of the kind applies from then on, if there is one.").RequireAuthorization(Permissions.LimitsWrite);
    }

    private static async Task<Ok<LimitList>> ListAsync(HttpContext http, RateLimitQueries queries) =>
        TypedResults.Ok(new LimitList([.. (await queries.ListAsync(http.User.ToActor(http), http.RequestAborted)).Select(ToResource)], null));

    private static async Task<Results<Ok<LimitResource>, NoContent, ProblemHttpResult>> SetAsync(
        HttpContext http,
        RateLimitService service,
        RateLimitQueries queries,
        [Description("key, application, team, person or address.")] string scope,
        [Description("The id of whoever it is set on, an address, or 'default' for each of the kind that has no limit of its own.")] string target,
        LimitSetting setting)
    {
        if (Read(scope) is not { } kind) return ApiProblems.Invalid(nameof(scope), "must be key, application, team, person or address.");
        var actor = http.User.ToActor(http);
        var values = new LimitValues(setting.RequestsPerMinute, setting.TokensPerMinute, setting.ConcurrentRequests);
        var result = await service.SetAsync(actor, kind, target, values, http.RequestAborted);
        if (!result.Succeeded) return ApiProblems.Refused(result.Refusal);
        return await queries.FindAsync(actor, result.Value, http.RequestAborted) is { } row ? TypedResults.Ok(ToResource(row)) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(HttpContext http, RateLimitService service, string limitId)
    {
        if (!PublicId.TryParse(PublicId.Limit, limitId, out var id)) return ApiProblems.NotFound("There is no such limit.");
        var result = await service.DeleteAsync(http.User.ToActor(http), id, http.RequestAborted);
        return result.Succeeded ? TypedResults.NoContent() : ApiProblems.Refused(result.Refusal);
    }

    private static LimitScope? Read(string scope) => Enum.GetValues<LimitScope>().Cast<LimitScope?>().FirstOrDefault(kind => Name(kind!.Value) == scope);

    private static string Name(LimitScope scope) => scope.ToString().ToLowerInvariant();

    private static LimitResource ToResource(RateLimitRow row) => new(
        row.PublicId, Name(row.Scope), row.ScopeId is { } id ? (row.Scope == LimitScope.Key ? PublicId.Format(PublicId.Key, id) : id.ToString()) : LimitTargets.Each,
        row.Name, ToResource(row.Requests), ToResource(row.Tokens), ToResource(row.Concurrent), row.Active, row.ChangedAt);

    private static LimitUseResource? ToResource(LimitUse use) => use.Limit is { } limit ? new LimitUseResource(limit, use.Used) : null;
}
