using Governance.Domain.Budgets;
using Governance.Domain.Costs;
using Governance.Domain.Identity;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;

namespace Governance.Web.Demo;

/// <summary>The demo's budgets: some that only count, some that refuse, and a key that soon meets its own.</summary>
internal sealed class DemoBudgets(BudgetService budgets, KeyService keys)
{
    /// <returns>The key with a hard budget of a cent a day.</returns>
    public async Task<CreatedKey> CreateAsync(Actor actor, IReadOnlyList<ApplicationRow> applications, CancellationToken cancellation)
    {
        var first = applications[0];
        var limited = (await keys.CreateAsync(actor, new NewVirtualKey(first.Id, "Trial with a cent a day", "development", "internal")
        {
            Scopes = [.. ProxyApis.All.Select(api => api.Name)],
        }, cancellation)).ForDemo();
        await SetAsync(BudgetScope.Key, limited.Id, BudgetWindow.Day, Money.FromDollars(0.01m), hard: true);
        await SetAsync(BudgetScope.Organization, null, BudgetWindow.Month, Money.FromDollars(50_000), hard: false);
        foreach (var team in applications.DistinctBy(application => application.TeamId))
            await SetAsync(BudgetScope.Team, team.TeamId, BudgetWindow.Month, Money.FromDollars(10_000), hard: false);
        await SetAsync(BudgetScope.Application, first.Id, BudgetWindow.Week, Money.FromDollars(5_000), hard: true);
        return limited;

        async Task SetAsync(BudgetScope scope, Guid? id, BudgetWindow window, Money limit, bool hard) =>
            (await budgets.SetAsync(actor, new NewBudget(scope, id, window, limit, hard), cancellation)).ForDemo();
    }
}
