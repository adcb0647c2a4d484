using System.ComponentModel;
using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>A connection to a provider, without its key.</summary>
/// <param name="Name">Its segment behind /proxy/, as the ledger names it.</param>
/// <param name="ConnectionId">Which one; null for those that the organisation did not set up.</param>
/// <param name="Source">Who set it up.</param>
/// <param name="Kind">The kind of provider; null for the sandbox.</param>
/// <param name="BaseUrl">Where calls go.</param>
/// <param name="Region">Set for a regional endpoint.</param>
/// <param name="Account">Whose contract it is.</param>
/// <param name="Approved">Whether calls may go through it.</param>
/// <param name="DefaultOf">The kinds whose calls come here unless they name another connection.</param>
/// <param name="Aliases">What names for deployments and profiles stand for.</param>
/// <param name="Models">The models that the provider listed at the last test.</param>
/// <param name="LastHour">How it did in the last hour.</param>
/// <param name="LastDay">How it did in the last 24 hours.</param>
/// <param name="Requests">Calls in the period.</param>
/// <param name="CostNanoUsd">What they cost, in nano-dollars.</param>
public sealed record ConnectionResource(
    string Name, string? ConnectionId, ConnectionSource Source, string? Kind, string BaseUrl, string? Region, string? Account, bool Approved, IReadOnlyList<string> DefaultOf,
    IReadOnlyDictionary<string, string> Aliases, IReadOnlyList<string> Models, ConnectionHealthResource LastHour, ConnectionHealthResource LastDay, long Requests, long CostNanoUsd);

/// <summary>How a connection did.</summary>
/// <param name="Requests">Calls that were sent to the provider.</param>
/// <param name="Failures">Those that the provider did not answer as it should.</param>
/// <param name="MedianMs">The median duration of those that succeeded; null if none did.</param>
public sealed record ConnectionHealthResource(long Requests, long Failures, int? MedianMs);

/// <summary>The connections.</summary>
/// <param name="Items">The organisation's own by name, then the operator's and the sandbox.</param>
/// <param name="Next">Always null: they come whole.</param>
public sealed record ConnectionList(IReadOnlyList<ConnectionResource> Items, string? Next);

internal static class ConnectionsApi
{
    public static void MapConnections(this RouteGroupBuilder api) => api.MapGet("/connections", ListAsync)
        .WithName("ListConnections").WithSummary("Lists the connections to providers with how they do, without their keys.").RequireAuthorization(Permissions.ProvidersRead);

    private static async Task<Results<Ok<ConnectionList>, ProblemHttpResult>> ListAsync(
        HttpContext http,
        ConnectionQueries queries,
        OrganizationService organizations,
        TimeProvider time,
        [Description("A date (the whole day, in the organisation's zone) or an instant; 30 days before 'to' if absent.")] string? from,
        [Description("A date (that day included) or an instant (excluded); now if absent.")] string? to)
    {
        var actor = http.User.ToActor(http);
        var organization = await organizations.FindAsync(actor.OrganizationId, http.RequestAborted);
        var (range, parameter, error) = ApiRange.Read(from, to, organization!.Zone, time.GetUtcNow());
        if (error is not null) return ApiProblems.Invalid(parameter!, error);
        return TypedResults.Ok(new ConnectionList([.. (await queries.ListAsync(actor, range, http.RequestAborted)).Select(ToResource)], null));
    }

    private static ConnectionResource ToResource(ConnectionRow row) => new(
        row.Name, row.PublicId, row.Source, row.Kind.Length == 0 ? null : row.Kind, row.BaseUrl, row.Region, row.Account, row.Approved, [.. row.DefaultOf.Select(kind => kind.Id)],
        row.Aliases, row.Models, ToResource(row.Hour), ToResource(row.Day), row.Calls, row.Cost.NanoUsd);

    private static ConnectionHealthResource ToResource(ConnectionHealth health) => new(health.Calls, health.Failures, health.MedianMs);
}
