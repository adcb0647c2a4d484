using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Jobs;

internal static class JobsServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WorkQueueOptions>().Bind(configuration.GetSection(WorkQueueOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ProcessOptions>().Bind(configuration.GetSection(ProcessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ProcessRegistry>().AddJob<ProcessRegistry>();
        services.AddSingleton<Spill>().AddJob<Spill>();
        services.AddSingleton<WorkKinds>().AddSingleton<WorkClaims>();
        services.AddSingleton<WorkFigures>().AddJob<WorkFigures>();
        services.AddSingleton<WorkQueue>().AddJob<WorkQueue>();
        services.AddHostedService<JobHost>();
        services.AddHostedService<QueueMetrics>();
        return services;
    }

    /// <summary>Has the job host run a service that is registered already.</summary>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services)
        where TJob : class, IJob =>
        services.AddSingleton<IJob>(provider => provider.GetRequiredService<TJob>());
}
