using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Privacy;

internal static class PrivacyServices
{
    public static IServiceCollection AddContentCapture(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ContentCaptureOptions>().Bind(configuration.GetSection(ContentCaptureOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CaptureRuleDirectory>();
        services.AddSingleton<CaptureRuleService>();
        services.AddSingleton<CapturedContentQueries>();
        services.AddSingleton<ContentStore>();
        services.AddSingleton<ContentWriter>().AddHostedService(provider => provider.GetRequiredService<ContentWriter>());
        services.AddSingleton<ContentRetentionJob>().AddJob<ContentRetentionJob>();
        return services;
    }
}
