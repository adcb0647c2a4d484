using System.ComponentModel;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Budgets;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Governance.Web.Api;

/// <summary>A budget and how it stands in its present window.</summary>
/// <param name="BudgetId">Which one (budget_…).</param>
/// <param name="Scope">Whose spending it bounds.</param>
/// <param name="ScopeId">The key (key_…), application, team or organisation.</param>
/// <param name="Window">How often it begins anew, in the organisation's reporting zone; total never does.</param>
/// <param name="WindowStart">The present window's first day; null for total.</param>
/// <param name="Hard">Whether calls that may exceed the limit are refused; else it only counts.</param>
/// <param name="LimitNanoUsd">How much may be spent in a window, in nano-dollars.</param>
/// <param name="SpentNanoUsd">What was spent in the present one.</param>
/// <param name="HeldNanoUsd">What calls that are under way may cost at most, and what processes have set aside for calls.</param>
/// <param name="SuspenseNanoUsd">The part of heldNanoUsd that processes had set aside which died: it stays held until it is released.</param>
public sealed record BudgetResource(
    string BudgetId, BudgetScope Scope, string ScopeId, BudgetWindow Window, DateOnly? WindowStart, bool Hard, long LimitNanoUsd, long SpentNanoUsd, long HeldNanoUsd, long SuspenseNanoUsd);

/// <summary>The budgets.</summary>
/// <param name="Items">The organisation's first.</param>
/// <param name="Next">Always null: they come whole.</param>
public sealed record BudgetList(IReadOnlyList<BudgetResource> Items, string? Next);

/// <summary>What was released.</summary>
/// <param name="ReleasedNanoUsd">How much, in nano-dollars.</param>
public sealed record BudgetRelease(long ReleasedNanoUsd);

/// <summary>A limit to set.</summary>
/// <param name="LimitNanoUsd">How much may be spent in a window, in nano-dollars.</param>
/// <param name="Hard">Whether calls that may exceed the limit are refused; true if left out.</param>
public sealed record BudgetSetting(long LimitNanoUsd, bool Hard = true);

internal static class BudgetsApi
{
    public static void MapBudgets(this RouteGroupBuilder api)
    {
        api.MapGet("/budgets", ListAsync)
            .WithName("ListBudgets").WithSummary("Lists budgets with what is spent and held in their present windows.").RequireAuthorization(Permissions.BudgetsRead);
        api.MapPut("/budgets/{scope}/{scopeId}/{window}", SetAsync)
            .WithName("SetBudget").WithSummary("Sets how much a key, an application, a team or the organisation may spend in a window, or changes it.")
            .WithDescription("What was spent in the present window counts from the start. Calls that are under way go on. A token that may not read budgets gets 204.").RequireAuthorization(Permissions.BudgetsWrite);
        api.MapDelete("/budgets/{budgetId}", RemoveAsync)
            .WithName("RemoveBudget").WithSummary("Removes a budget. Calls that are under way go on.").RequireAuthorization(Permissions.BudgetsWrite);
        api.MapPost("/budgets/{budgetId}/release", ReleaseAsync)
            .WithName("ReleaseBudgetSuspense").WithSummary("Gives back to a budget what processes had set aside which died (suspenseNanoUsd).")
            .WithDescription("What those processes spent of it without recording it is not known. Compare with the provider's own figures first.").RequireAuthorization(Permissions.BudgetsWrite);
    }

    private static async Task<Ok<BudgetList>> ListAsync(HttpContext http, BudgetQueries queries) =>
        TypedResults.Ok(new BudgetList([.. (await queries.ListAsync(http.User.ToActor(http), http.RequestAborted)).Select(ToResource)], null));

    private static async Task<Results<Ok<BudgetResource>, NoContent, ProblemHttpResult>> SetAsync(
        HttpContext http,
        BudgetService budgets,
        BudgetQueries queries,
        [Description("organization, team, application or key.")] string scope,
        [Description("The id of the key (key_…), application, team or organisation.")] string scopeId,
        [Description("day, week, month or total.")] string window,
        BudgetSetting setting)
    {
        if (Read<BudgetScope>(scope) is not { } whose) return ApiProblems.Invalid(nameof(scope), "must be organization, team, application or key.");
        if (!PublicId.TryParse(PublicId.Key, scopeId, out var id)) return ApiProblems.Invalid(nameof(scopeId), "must be the id of a key (key_…), or of an application, a team or the organisation.");
        if (Read<BudgetWindow>(window) is not { } length) return ApiProblems.Invalid(nameof(window), "must be day, week, month or total.");
        var actor = http.User.ToActor(http);
        var set = await budgets.SetAsync(actor, new NewBudget(whose, id, length, new Money(setting.LimitNanoUsd), setting.Hard), http.RequestAborted);
        if (!set.Succeeded) return ApiProblems.Refused(set.Refusal.Field == nameof(NewBudget.Limit) ? set.Refusal with { Field = nameof(setting.LimitNanoUsd) } : set.Refusal);
        return (await queries.ListAsync(actor, http.RequestAborted)).SingleOrDefault(row => row.Budget.Id == set.Value.Id) is { } row ? TypedResults.Ok(ToResource(row)) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(HttpContext http, BudgetService budgets, string budgetId)
    {
        if (!PublicId.TryParse(PublicId.Budget, budgetId, out var id)) return ApiProblems.Invalid("budgetId", "it is not the id of a budget (budget_…).");
        var removed = await budgets.RemoveAsync(http.User.ToActor(http), id, http.RequestAborted);
        return removed.Succeeded ? TypedResults.NoContent() : ApiProblems.Refused(removed.Refusal);
    }

    private static async Task<Results<Ok<BudgetRelease>, ProblemHttpResult>> ReleaseAsync(HttpContext http, BudgetService budgets, string budgetId)
    {
        if (!PublicId.TryParse(PublicId.Budget, budgetId, out var id)) return ApiProblems.Invalid("budgetId", "it is not the id of a budget (budget_…).");
        var released = await budgets.ReleaseAsync(http.User.ToActor(http), id, http.RequestAborted);
        return released.Succeeded ? TypedResults.Ok(new BudgetRelease(released.Value)) : ApiProblems.Refused(released.Refusal);
    }

    private static T? Read<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => AuditLeaf.NameOf(value!.Value) == name);

    private static BudgetResource ToResource(BudgetRow row) => new(
        PublicId.Format(PublicId.Budget, row.Budget.Id), row.Budget.Scope,
        row.Budget.Scope == BudgetScope.Key ? PublicId.Format(PublicId.Key, row.Budget.ScopeId) : row.Budget.ScopeId.ToString(), row.Budget.Window,
        row.Budget.Window == BudgetWindow.Total ? null : row.Start, row.Budget.Hard, row.Budget.LimitNanoUsd, row.SpentNanoUsd, row.HeldNanoUsd, row.SuspenseNanoUsd);
}
