using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Costs.Recurring;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Costs;

internal static class CostsServices
{
    public static IServiceCollection AddCosts(this IServiceCollection services) => services
        .AddSingleton<PriceBooks>()
        .AddSingleton<PriceService>()
        .AddSingleton<CostQueries>()
        .AddSingleton<CostNames>()
        .AddSingleton<ChargeService>()
        .AddSingleton<ChargeQueries>()
        .AddSingleton<TokenEstimators>()
        .AddSingleton<EstimateQueries>()
        .AddSingleton<EstimatorCalibration>()
        .AddJob<EstimatorCalibration>();
}
