using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.DeadLetters;

internal static class DeadLettersServices
{
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddSingleton<DeadLetterQueries>()
        .AddSingleton<DeadLetterService>()
        .AddSingleton<DeadLetterEditService>()
        .AddSingleton<DeadLetterBulkService>()
        .AddApprovable<DeadLetterEditProposal>()
        .AddApprovable<DeadLetterDiscardProposal>()
        .AddSingleton<DeadLetterBulkJob>().AddJob<DeadLetterBulkJob>()
        .AddSingleton<DeadLetterAlarmJob>().AddJob<DeadLetterAlarmJob>();
}
