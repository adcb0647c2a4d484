using Governance.Infrastructure.Data.Postgres;
using Governance.Infrastructure.Data.Sqlite;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Data;

internal static class DataServices
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection(DatabaseOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DataDirectoryOptions>().Bind(configuration.GetSection(DataDirectoryOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GovernanceDatabase>();
        services.AddSingleton<DatabaseStartup>();
        services.AddSingleton<SqliteCheckpoints>().AddJob<SqliteCheckpoints>();
        services.AddSingleton<PartitionsJob>().AddJob<PartitionsJob>();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);

        // The framework's identity stores look people up before their organisation is known.
        services.AddScoped(provider => provider.GetRequiredService<GovernanceDatabase>().AcrossOrganizations());
        return services;
    }
}
