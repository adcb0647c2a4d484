using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Budgets;

internal static class BudgetsServices
{
    public static IServiceCollection AddBudgets(this IServiceCollection services) => services
        .AddSingleton<BudgetService>()
        .AddSingleton<BudgetQueries>();
}
