using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Audit.Streaming;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection(AuditOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DataKeys>();
        services.AddSingleton<AuditSealer>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<AuditLogQueries>();
        services.AddSingleton<AuditTextSearch>();
        services.AddSingleton<AuditProofs>();
        services.AddSingleton<AuditExport>();
        services.AddSingleton<AuditExportFiles>().AddJob<AuditExportFiles>();
        services.AddSingleton<AuditRowsExport>();
        services.AddSingleton<DownloadLog>();
        services.AddSingleton<AuditLogFiles>();
        services.AddSingleton<AuditFeed>();
        services.AddSingleton<AuditIntake>();
        services.AddSingleton<AuditSigner>();
        services.AddSingleton<AuditKeyRotation>();
        services.AddOptions<AuditArchiveOptions>().Bind(configuration.GetSection(AuditArchiveOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditArchiveFiles>();
        services.AddSingleton<AuditArchive>().AddJob<AuditArchive>();
        services.AddSingleton<AuditSelfCheck>().AddJob<AuditSelfCheck>();
        services.AddSingleton<AuditHeartbeat>().AddJob<AuditHeartbeat>();
        services.AddSingleton<AuditSequencer>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditSequencer>());
        return services.AddAuditAnchors(configuration).AddAuditStreaming();
    }
}
