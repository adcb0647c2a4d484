using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure;

/// <summary>The infrastructure, area by area.</summary>
public static class InfrastructureServices
{
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        return services
            .AddData(configuration)
            .AddSecrets(configuration)
            .AddAudit(configuration)
            .AddJobs(configuration)
            .AddDeadLetters()
            .AddNotifications(configuration)
            .AddOrganizations()
            .AddApprovals()
            .AddPeopleAndKeys(configuration)
            .AddTokens(configuration)
            .AddCosts()
            .AddBudgets(configuration)
            .AddProxyLedger(configuration)
            .AddContentCapture(configuration);
    }
}
