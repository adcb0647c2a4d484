using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Organizations;

internal static class OrganizationsServices
{
    public static IServiceCollection AddOrganizations(this IServiceCollection services) => services
        .AddSingleton<OrganizationService>()
        .AddSingleton<OperatingOrganization>()
        .AddSingleton<SettingsDirectory>()
        .AddSingleton<SettingsService>()
        .AddSingleton<TeamQueries>()
        .AddSingleton<TeamService>()
        .AddSingleton<TeamMembershipService>()
        .AddSingleton<TeamLeads>()
        .AddSingleton<ApplicationService>();
}
