using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Costs;

internal static class CostsServices
{
    public static IServiceCollection AddCosts(this IServiceCollection services) => services
        .AddSingleton<PriceBooks>()
        .AddSingleton<PriceService>()
        .AddSingleton<CostQueries>()
        .AddSingleton<CostNames>();
}
