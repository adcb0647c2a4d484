using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Approvals;

internal static class ApprovalsServices
{
    public static IServiceCollection AddApprovals(this IServiceCollection services) => services
        .AddSingleton<ApprovalKinds>()
        .AddSingleton<ApprovalFeed>()
        .AddSingleton<ApprovalMail>()
        .AddSingleton<ApprovalRules>()
        .AddSingleton<ApprovalService>()
        .AddSingleton<ApprovalQueries>()
        .AddSingleton<ApprovalExpiry>().AddJob<ApprovalExpiry>();

    /// <summary>Lets a sort of change need approval.</summary>
    public static IServiceCollection AddApprovable<T>(this IServiceCollection services)
        where T : class, IApprovable => services.AddSingleton<IApprovable, T>();
}
