using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Proxy.Connections;

internal static class ConnectionsServices
{
    public static IServiceCollection AddProviderConnections(this IServiceCollection services) => services
        .AddSingleton<ConnectionDirectory>()
        .AddSingleton<ConnectionTest>()
        .AddSingleton<ConnectionService>()
        .AddSingleton<ConnectionQueries>();
}
