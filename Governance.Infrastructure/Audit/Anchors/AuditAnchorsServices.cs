using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Audit.Anchors;

internal static class AuditAnchorsServices
{
    public static IServiceCollection AddAuditAnchors(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuditAnchorOptions>().Bind(configuration.GetSection(AuditAnchorOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditAnchorOptions>, AuditAnchorOptionsValidator>();
        services.AddSingleton<AuditAnchors>();
        services.AddSingleton<AuditAnchorAlert>();
        services.AddSingleton<AuditDepositor>();
        services.AddSingleton<AuditAnchorJob>().AddJob<AuditAnchorJob>();
        services.AddSingleton<AuditAnchorQueries>();
        services.AddSingleton<AuditAnchorService>();
        return services;
    }
}
