using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy.Resilience;

internal static class ResilienceServices
{
    public static IServiceCollection AddResilience(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ResilienceOptions>().Bind(configuration.GetSection(ResilienceOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ResilienceOptions>, ResilienceOptionsValidator>();
        services.AddSingleton(Random.Shared);
        services.AddSingleton<ConnectionGates>();
        services.AddSingleton<ResilienceMetrics>();
        services.AddSingleton<BreakerShare>().AddJob<BreakerShare>();
        services.AddSingleton<BreakerService>();
        services.AddSingleton<BreakerQueries>();
        services.AddSingleton<RoutePlanner>();
        services.AddSingleton<RouteService>();
        return services;
    }
}
