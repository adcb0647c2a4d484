using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Proxy.Caching;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Ledger;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Proxy;

internal static class ProxyServices
{
    public static IServiceCollection AddProxyLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProxyOptions>().Bind(configuration.GetSection(ProxyOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ProviderOptions>().Bind(configuration.GetSection(ProviderOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderOptionsValidator>();
        services.AddSingleton<ProviderConnections>();
        services.AddSingleton<ProviderClient>();
        services.AddProviderConnections();
        services.AddRateLimits(configuration);
        services.AddResilience(configuration);
        services.AddOptions<ResponseCacheOptions>().Bind(configuration.GetSection(ResponseCacheOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<ResponseCacheService>();
        services.AddSingleton<SubjectDirectory>();
        services.AddMetrics();
        services.AddSingleton<ProxyMetrics>();
        services.AddSingleton<LedgerFeed>();
        services.AddSingleton<LedgerDatabase>();
        services.AddSingleton<CallLedger>().AddHostedService(provider => provider.GetRequiredService<CallLedger>());
        services.AddSingleton<IWorkHandler, SettleHandler>();
        services.AddSingleton<InterruptedCallsJob>().AddJob<InterruptedCallsJob>();
        services.AddHostedService<StartupSweep>();
        services.AddSingleton<LedgerProof>();
        services.AddSingleton<RequestQueries>();
        services.AddSingleton<UsageImport>();
        return services;
    }
}
