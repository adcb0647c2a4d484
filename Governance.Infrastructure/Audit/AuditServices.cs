using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditTrail>();
}
