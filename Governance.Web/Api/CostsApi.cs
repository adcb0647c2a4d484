using System.ComponentModel;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Organizations;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>A sum of costs; the members of dimensions that were not asked for are null.</summary>
/// <param name="Day">The day in the organisation's reporting zone.</param>
/// <param name="Hour">The hour of the day there, 0 to 23.</param>
/// <param name="Month">The first day of the month there.</param>
/// <param name="Team">The team's name.</param>
/// <param name="TeamId">The team.</param>
/// <param name="Application">The application's name.</param>
/// <param name="ApplicationId">The application.</param>
/// <param name="Key">The virtual key's name.</param>
/// <param name="KeyId">The virtual key.</param>
/// <param name="Model">The model.</param>
/// <param name="Provider">The provider.</param>
/// <param name="PersonId">The end user, as an internal subject id.</param>
/// <param name="CostNanoUsd">Σ cost in nano-dollars.</param>
/// <param name="Requests">How many calls.</param>
/// <param name="Errors">How many of them did not succeed.</param>
/// <param name="PromptTokens">Prompt tokens of every class.</param>
/// <param name="CachedTokens">Those read from a cache.</param>
/// <param name="OutputTokens">Completion tokens.</param>
/// <param name="CacheHits">How many calls were answered from the response cache, at no cost.</param>
/// <param name="SavedNanoUsd">Σ of what those stored answers had cost, in nano-dollars.</param>
public sealed record CostResource(
    DateOnly? Day, int? Hour, DateOnly? Month, string? Team, Guid? TeamId, string? Application, Guid? ApplicationId, string? Key, string? KeyId, string? Model, string? Provider,
    Guid? PersonId, long CostNanoUsd, long Requests, long Errors, long PromptTokens, long CachedTokens, long OutputTokens,
    long CacheHits, long SavedNanoUsd);

/// <summary>A list of sums and their total.</summary>
/// <param name="Items">The sums: months, days and hours ascending, then highest cost first.</param>
/// <param name="Next">Always null: sums come whole.</param>
/// <param name="TotalCostNanoUsd">The sum of the items.</param>
public sealed record CostList(IReadOnlyList<CostResource> Items, string? Next, long TotalCostNanoUsd);

internal static class CostsApi
{
    public static void MapCosts(this RouteGroupBuilder api) => api.MapGet("/costs", SumAsync)
        .WithName("SumCosts").WithSummary("Sums costs by any of month, day, hour, team, application, key, model, provider and person.").RequireAuthorization(Permissions.CostsRead);

    private static async Task<Results<Ok<CostList>, ProblemHttpResult>> SumAsync(
        HttpContext http,
        CostQueries queries,
        CostNames names,
        OrganizationService organizations,
        TimeProvider time,
        [Description("A date (the whole day, in the organisation's zone) or an instant; 30 days before 'to' if absent.")] string? from,
        [Description("A date (that day included) or an instant (excluded); now if absent.")] string? to,
        [Description("Dimensions, separated by commas: month, day, hour, team, application, key, model, provider, person. None gives one total.")] string? by,
        [Description("Only this team.")] Guid? teamId,
        [Description("Only this application.")] Guid? applicationId,
        [Description("Only this key (key_…).")] string? keyId,
        [Description("Only this model.")] string? model,
        [Description("Only this provider.")] string? provider,
        [Description("Only this person (subject id).")] Guid? personId)
    {
        var actor = http.User.ToActor(http);
        var organization = await organizations.FindAsync(actor.OrganizationId, http.RequestAborted);
        var (range, parameter, error) = ApiRange.Read(from, to, organization!.Zone, time.GetUtcNow());
        if (error is not null) return ApiProblems.Invalid(parameter!, error);
        if (!TryReadDimensions(by, out var dimensions))
            return ApiProblems.Invalid("by", "name dimensions out of month, day, hour, team, application, key, model, provider and person, separated by commas.");
        Guid? key = null;
        if (keyId is not null)
        {
            if (!PublicId.TryParse(PublicId.Key, keyId, out var parsed)) return ApiProblems.Invalid("keyId", "it is not a key id such as key_….");
            key = parsed;
        }

        var filter = new CostFilter(range)
        {
            TeamId = teamId,
            ApplicationId = applicationId,
            KeyId = key,
            Model = model,
            Provider = provider,
            SubjectId = personId,
        };
        try
        {
            var sums = await queries.SumAsync(actor, filter, dimensions, http.RequestAborted);
            var label = await LabelsAsync(names, actor, dimensions, http.RequestAborted);
            return TypedResults.Ok(new CostList([.. sums.Select(sum => ToResource(sum, label))], null, sums.Sum(sum => sum.CostNanoUsd)));
        }
        catch (TooManyGroupsException exception)
        {
            return ApiProblems.TooManyGroups(exception.Message);
        }
    }

    private static bool TryReadDimensions(string? by, out List<CostDimension> dimensions)
    {
        dimensions = [];
        foreach (var name in (by ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!name.All(char.IsAsciiLetter) || !Enum.TryParse<CostDimension>(name, ignoreCase: true, out var dimension)) return false;
            dimensions.Add(dimension);
        }

        return true;
    }

    private static async Task<Func<CostDimension, CostKey, string?>> LabelsAsync(
        CostNames names, Actor actor, IReadOnlyCollection<CostDimension> dimensions, CancellationToken cancellation)
    {
        var known = new Dictionary<CostDimension, IReadOnlyDictionary<Guid, string>>();
        foreach (var dimension in dimensions.Where(dimension => dimension != CostDimension.Person).Distinct())
            known[dimension] = await names.LoadAsync(actor, dimension, cancellation);
        return (dimension, key) => known.TryGetValue(dimension, out var byId) ? CostNames.Label(dimension, key, byId) : null;
    }

    private static CostResource ToResource(CostSum sum, Func<CostDimension, CostKey, string?> label) => new(
        sum.Key.Day,
        sum.Key.Hour,
        sum.Key.Month,
        label(CostDimension.Team, sum.Key),
        sum.Key.TeamId,
        label(CostDimension.Application, sum.Key),
        sum.Key.ApplicationId,
        label(CostDimension.Key, sum.Key),
        sum.Key.KeyId is { } keyId ? PublicId.Format(PublicId.Key, keyId) : null,
        sum.Key.Model,
        sum.Key.Provider,
        sum.Key.SubjectId,
        sum.CostNanoUsd,
        sum.Requests,
        sum.Errors,
        sum.PromptTokens,
        sum.CachedTokens,
        sum.OutputTokens,
        sum.CacheHits,
        sum.SavedNanoUsd);
}
