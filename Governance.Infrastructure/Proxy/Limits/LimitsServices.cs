using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Proxy.Limits;

internal static class LimitsServices
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LimitOptions>().Bind(configuration.GetSection(LimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RateLimitDirectory>();
        services.AddSingleton<AddressIds>();
        services.AddSingleton<LimitBooks>().AddJob<LimitBooks>();
        services.AddSingleton<CallLimits>();
        services.AddSingleton<LimitExchange>().AddJob<LimitExchange>().AddHostedService(provider => provider.GetRequiredService<LimitExchange>());
        services.AddSingleton<LimitTargets>();
        services.AddSingleton<RateLimitService>();
        services.AddSingleton<RateLimitQueries>();
        return services;
    }
}
