using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Budgets;

internal static class BudgetsServices
{
    public static IServiceCollection AddBudgets(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LeaseOptions>().Bind(configuration.GetSection(LeaseOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<LeaseBook>()
            .AddSingleton<BudgetService>()
            .AddSingleton<BudgetQueries>();
    }
}
