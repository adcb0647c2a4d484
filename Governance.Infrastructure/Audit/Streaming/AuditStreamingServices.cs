using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Audit.Streaming;

internal static class AuditStreamingServices
{
    public static IServiceCollection AddAuditStreaming(this IServiceCollection services) => services
        .AddSingleton<AuditWebhookSender>()
        .AddSingleton<AuditWebhookAlert>()
        .AddSingleton<AuditWebhookDelivery>()
        .AddSingleton<AuditWebhookService>()
        .AddSingleton<AuditWebhookJob>().AddJob<AuditWebhookJob>();
}
