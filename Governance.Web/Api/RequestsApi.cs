using System.ComponentModel;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>A page of calls.</summary>
/// <param name="Items">The calls, newest first.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record RequestList(IReadOnlyList<RequestResource> Items, string? Next);

internal static class RequestsApi
{
    public static void MapRequests(this RouteGroupBuilder api)
    {
        api.MapGet("/requests", ListAsync).WithName("ListRequests").WithSummary("Lists calls, newest first.").RequireAuthorization(Permissions.RequestsRead);
        api.MapGet("/requests/{requestId}", FindAsync).WithName("GetRequest").WithSummary("One call with its ledger entries and attempts.").RequireAuthorization(Permissions.RequestsRead);
    }

    private static async Task<Results<Ok<RequestList>, ProblemHttpResult>> ListAsync(
        HttpContext http,
        RequestQueries queries,
        OrganizationService organizations,
        TimeProvider time,
        [Description("A date (the whole day, in the organisation's zone) or an instant; 30 days before 'to' if absent.")] string? from,
        [Description("A date (that day included) or an instant (excluded); now if absent.")] string? to,
        [Description("Only this team.")] Guid? teamId,
        [Description("Only this application.")] Guid? applicationId,
        [Description("Only this key (key_…).")] string? keyId,
        [Description("Only this model, as asked for or as answered.")] string? model,
        [Description("Only this provider.")] string? provider,
        [Description("Only calls that ended like this, such as succeeded or provider_error; 'open' for those that have not ended, 'cached' for those answered from the response cache.")] string? outcome,
        [Description("The 'next' of the page before.")] string? cursor,
        [Description("Rows a page, 1 to 500; 50 if absent.")] int? limit)
    {
        var actor = http.User.ToActor(http);
        var organization = await organizations.FindAsync(actor.OrganizationId, http.RequestAborted);
        var (range, parameter, error) = ApiRange.Read(from, to, organization!.Zone, time.GetUtcNow());
        if (error is not null) return ApiProblems.Invalid(parameter!, error);
        if (limit is < 1 or > Page<RequestRow>.MaxSize) return ApiProblems.Invalid("limit", $"give a number from 1 to {Page<RequestRow>.MaxSize}.");
        if (!TryReadOutcome(outcome, out var ended)) return ApiProblems.Invalid("outcome", "there is no such outcome.");
        if (cursor is not null && !RequestQueries.IsCursor(cursor)) return ApiProblems.Invalid("cursor", "give the 'next' of the page before.");
        Guid? key = null;
        if (keyId is not null)
        {
            if (!PublicId.TryParse(PublicId.Key, keyId, out var parsed)) return ApiProblems.Invalid("keyId", "it is not a key id such as key_….");
            key = parsed;
        }

        var filter = new RequestFilter(range)
        {
            TeamId = teamId,
            ApplicationId = applicationId,
            KeyId = key,
            Model = model,
            Provider = provider,
            Outcome = ended,
            OpenOnly = outcome == "open",
            CachedOnly = outcome == "cached",
        };
        var page = await queries.ListAsync(actor, filter, cursor, limit ?? Page<RequestRow>.DefaultSize, http.RequestAborted);
        return TypedResults.Ok(new RequestList([.. page.Items.Select(row => RequestResource.From(row))], page.Next));
    }

    private static async Task<Results<Ok<RequestResource>, ProblemHttpResult>> FindAsync(HttpContext http, RequestQueries queries, string requestId)
    {
        if (!PublicId.TryParse(PublicId.Request, requestId, out var id)) return ApiProblems.Invalid("requestId", "it is not a request id such as req_….");
        return await queries.FindAsync(http.User.ToActor(http), id, http.RequestAborted) is { } detail
            ? TypedResults.Ok(RequestResource.From(detail.Row, detail.Attempts))
            : ApiProblems.NotFound("This organisation has no such request.");
    }

    /// <summary>Outcomes are spelt as in the answers: snake_case.</summary>
    private static bool TryReadOutcome(string? text, out CallOutcome? outcome)
    {
        outcome = null;
        if (text is null or "open" or "cached") return true;
        var name = text.Replace("_", "", StringComparison.Ordinal);
        if (!name.All(char.IsAsciiLetter) || !Enum.TryParse<CallOutcome>(name, ignoreCase: true, out var parsed)) return false;
        outcome = parsed;
        return true;
    }
}
